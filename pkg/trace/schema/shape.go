package schema

// ShapeWords says the shape of a quantity, and how many numbers that are: "a vector
// (3 numbers)".
func ShapeWords(q *Quantity) string {
	switch {
	case q.Any:
		return "any numbers"
	case q.Kind == Vec3 && q.Mixed:
		return "a vector (3 numbers)"
	}
	return [...]string{
		Scalar: "a scalar (1 number)", Int: "an int (1 integer)", Vec3: "spatial (3 numbers)", Int3: "3 integers", Mat3: "a matrix (9 numbers)",
		Fields: "named numbers", Text: "text", List: "a list",
	}[q.Kind]
}
