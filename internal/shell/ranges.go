package shell

import (
	"strconv"
	"strings"
)

// Ranges writes rising numbers as options take them: "0,3,7-9".
func Ranges(list []int) string {
	var out []string
	for i := 0; i < len(list); {
		k := i
		for k+1 < len(list) && list[k+1] == list[k]+1 {
			k++
		}
		word := strconv.Itoa(list[i])
		if k > i {
			word += "-" + strconv.Itoa(list[k])
		}
		out = append(out, word)
		i = k + 1
	}
	return strings.Join(out, ",")
}
