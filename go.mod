module simtrace

go 1.26
