// Package probe reads quantities out of programs that print nothing: a debugger stops
// the unchanged program at given lines and prints expressions there.
//
//  1. Read takes a probes file: the program, where to stop, what to print there under
//     which name of a schema, and what counts its evaluations.
//  2. Places written as patterns are looked up in the program's source.
//  3. Run starts the program under gdb (C, C++, Fortran) or Python's own tracing, and
//     checks every place and name before the program goes on.
//  4. Each stop becomes rows of a log that tracecmp reads, with the source line as "at".
//
// The program computes what it computes without: nothing is called or assigned in it.
package probe
