package input

import (
	"context"
	"os"

	"simtrace/pkg/trace"
)

// OpenLogs opens one log or two by their paths.
func OpenLogs(ctx context.Context, paths []string) (logs []*trace.Source, closeAll func(), err error) {
	closeAll = func() {
		for _, l := range logs {
			l.Close()
		}
	}
	names := ShortNames(paths[0], paths[len(paths)-1])
	for i, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			closeAll()
			return nil, closeAll, err
		}
		src, err := trace.Open(ctx, f, names[min(i, 1)])
		if err != nil {
			f.Close()
			closeAll()
			return nil, closeAll, err
		}
		logs = append(logs, src)
	}
	return logs, closeAll, nil
}
