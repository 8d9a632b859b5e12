//go:build linux || darwin

package bundle

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Runs that place files into one folder at the same time never mix them.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	names := []string{"a", "b", "c", "d", "e"}
	var wg sync.WaitGroup
	for run := range 8 {
		wg.Go(func() {
			for range 15 {
				if err := placeAll(dir, names, fmt.Sprint(run)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() { wg.Wait(); close(ended) }()
	for looked := 0; ; looked++ {
		select {
		case <-ended:
			t.Logf("looked %d times", looked)
			return
		default:
		}
		// Who has the lock sees the files of one run.
		unlock, err := lockDir(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, n := range names {
			data, err := os.ReadFile(filepath.Join(dir, n))
			if err == nil {
				seen[string(data)] = true
			}
		}
		unlock()
		if len(seen) > 1 {
			t.Fatalf("files of %v stand side by side", seen)
		}
	}
}

// placeAll writes files that all say the same.
func placeAll(dir string, names []string, text string) error {
	var files []*AtomicFile
	for _, n := range names {
		f, err := CreateAtomic(filepath.Join(dir, n))
		if err != nil {
			return err
		}
		f.Unsynced()
		if _, err := f.Write([]byte(text)); err != nil {
			return err
		}
		files = append(files, f)
	}
	return Together(context.Background(), files, func() error {
		for _, f := range files {
			if err := f.Commit(); err != nil {
				return err
			}
		}
		return nil
	})
}

// A run that waits too long for another one's lock says so, and which folder.
func TestLocked(t *testing.T) {
	old := lockPatience
	defer func() { lockPatience = old }()
	lockPatience = 20 * time.Millisecond
	dir := t.TempDir()
	unlock, err := lockDir(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := placeAll(dir, []string{"a"}, "text"); err == nil || !strings.Contains(err.Error(), dir+": another run") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := lockDir(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted while it waits: %v", err)
	}
	unlock()
	if err := placeAll(dir, []string{"a"}, "text"); err != nil {
		t.Error(err)
	}
}
