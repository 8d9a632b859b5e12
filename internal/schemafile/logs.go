package schemafile

import (
	"context"
	"io"

	"simtrace/internal/input"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Infer writes the schema that is found in a log, or in two.
func Infer(ctx context.Context, w io.Writer, paths []string) error {
	logs, closeAll, err := input.OpenLogs(ctx, paths)
	if err != nil {
		return err
	}
	defer closeAll()
	s, how, err := trace.Infer(ctx, [2]*trace.Source{logs[0], logs[len(logs)-1]})
	if err != nil {
		return err
	}
	var found []*trace.Survey
	for _, l := range logs {
		f, err := trace.NewSurvey(ctx, l, s)
		if err != nil {
			return err
		}
		found = append(found, f)
	}
	return Write(w, s, how, found)
}

// CheckLog says what the schema of a file finds in a log, and how much of it is wrong.
func CheckLog(ctx context.Context, w io.Writer, path, log string) (wrong int, err error) {
	s, err := schema.ReadFile(path)
	if err != nil {
		return 0, err
	}
	logs, closeAll, err := input.OpenLogs(ctx, []string{log})
	if err != nil {
		return 0, err
	}
	defer closeAll()
	found, err := trace.NewSurvey(ctx, logs[0], s)
	if err != nil {
		return 0, err
	}
	return Check(w, s, found)
}
