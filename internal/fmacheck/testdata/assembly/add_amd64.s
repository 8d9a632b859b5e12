#include "textflag.h"

// func Add(a, b float64) float64
TEXT ·Add(SB), NOSPLIT, $0-24
	MOVSD a+0(FP), X0
	ADDSD b+8(FP), X0
	MOVSD X0, ret+16(FP)
	RET
