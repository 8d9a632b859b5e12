//go:build !linux

package bundle

import (
	"errors"
	"os"
)

func mapped(*os.File, int) ([]byte, func() error, error) { return nil, nil, errors.ErrUnsupported }

func exchange(string, string) error { return errors.ErrUnsupported }

func unnamed(string, os.FileMode) (*os.File, error) { return nil, errors.ErrUnsupported }

func link(*os.File, string) error { return errors.ErrUnsupported }
