//go:build !linux

package bundle

import (
	"errors"
	"os"
)

func mapped(*os.File, int) ([]byte, func() error, error) { return nil, nil, errors.ErrUnsupported }

func exchange(string, string) error { return errors.ErrUnsupported }
