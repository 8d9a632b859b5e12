// Package diff compares two logs block by block: it finds which blocks and which
// records belong together, measures how far they are apart, and which
// differences start where they show. It knows schemas and no program.
//
//  1. New scans both logs once: where blocks begin (trace.ScanBoth).
//  2. The blocks are joined to jobs: what one coordinate says in both logs.
//  3. Decisions are what is inferred from a log as a whole: printed precision,
//     which quantity stands in for which, which coordinates a log tells.
//  4. Engine.Run reads each job and pairs its records by what they are, never by
//     where they stand. Each pair, and each record without one, is a Row;
//     nothing is dropped. Sinks take the rows, and merge to the same in any
//     order.
//  5. Engine.Detail reads some jobs once more and keeps their rows, with the part
//     of each difference that is inherited and the part that is local (Roots).
//
// What a difference means is for package explain, and whether the logs agree for
// package parity.
package diff
