package trace

import (
	"cmp"
	"math"
	"strings"
	"sync"
)

// coords number the values that index keys have in the logs. An integer from 0 on is
// its own coordinate; what stands for other numbers, and for words, begins at
// numberBase and at wordBase.
type coords struct {
	mu         sync.RWMutex
	numbers    map[float64]int32
	numberList []float64
	words      map[string]int32
	wordList   []string
}

const (
	wordBase   = 1 << 30
	numberBase = wordBase + 1<<29
)

// coordOf returns the coordinate that the text of an index key is: "#3" is 3, and
// 3.0 is, too. It answers false for what places nothing.
func (n *Names) coordOf(s string) (int32, bool) {
	v, whole := plainInt(s)
	if !whole {
		s = strings.TrimRight(strings.TrimLeft(s, "# \t"), ",;:")
		if s == "" || strings.ContainsAny(s, " \t") {
			return -1, false
		}
		v, whole = plainInt(s)
	}
	if whole {
		if v < wordBase {
			return int32(v), true
		}
		return n.coords.word(s), true // more digits than a double may have
	}
	x, ok := quickFloat(s)
	switch {
	case !ok:
		return n.coords.word(s), true
	case math.IsNaN(x):
		return n.coords.word(FormatFloat(x)), true
	case x == math.Trunc(x) && x >= 0 && x < wordBase:
		return int32(x), true
	}
	return n.coords.number(x), true
}

// isAt tells whether the text of an index key is that of a coordinate, which is one
// that shifts by so much.
func (n *Names) isAt(s string, at, by int32) bool {
	if at >= numberBase {
		if x, ok := quickFloat(s); ok {
			n.coords.mu.RLock()
			defer n.coords.mu.RUnlock()
			return n.coords.numberList[at-numberBase] == x
		}
	}
	c, ok := n.coordOf(s)
	return ok && shifted(c, by) == at
}

func (c *coords) number(x float64) int32 {
	c.mu.RLock()
	at, ok := c.numbers[x]
	c.mu.RUnlock()
	if ok {
		return at
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if at, ok = c.numbers[x]; !ok {
		at = int32(numberBase + len(c.numberList))
		c.numbers[x], c.numberList = at, append(c.numberList, x)
	}
	return at
}

func (c *coords) word(s string) int32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.words[s]
	if !ok {
		at = int32(wordBase + len(c.wordList))
		s = strings.Clone(s)
		c.words[s], c.wordList = at, append(c.wordList, s)
	}
	return at
}

// shifted is a coordinate that is counted from elsewhere; one that is no integer stays.
func shifted(c, by int32) int32 {
	if c < 0 || c >= wordBase || c+by < 0 {
		return c
	}
	return c + by
}

// CoordText returns what the log prints for a coordinate that is no integer;
// ok is false for one that is.
func (n *Names) CoordText(c int32) (text string, ok bool) {
	if c < wordBase {
		return "", false
	}
	n.coords.mu.RLock()
	defer n.coords.mu.RUnlock()
	if c >= numberBase {
		return FormatFloat(n.coords.numberList[c-numberBase]), true
	}
	return n.coords.wordList[c-wordBase], true
}

// CompareCoords orders two coordinates of at least 0: numbers by their size, and
// before all words.
func (n *Names) CompareCoords(a, b int32) int {
	p, x, okX := n.valueOf(a)
	q, y, okY := n.valueOf(b)
	switch {
	case okX && okY:
		return cmp.Or(cmp.Compare(p, q), cmp.Compare(x, y))
	case okX:
		return -1
	case okY:
		return 1
	}
	return cmp.Compare(x, y)
}

// valueOf is the number that a coordinate stands for, and what it is printed as where
// it is a word; ok is false for a word that is no number.
func (n *Names) valueOf(c int32) (v float64, word string, ok bool) {
	if c < wordBase {
		return float64(c), "", true
	}
	n.coords.mu.RLock()
	defer n.coords.mu.RUnlock()
	if c >= numberBase {
		return n.coords.numberList[c-numberBase], "", true
	}
	word = n.coords.wordList[c-wordBase]
	v, ok = parseFloat(word)
	return v, word, ok
}
