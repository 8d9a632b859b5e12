// Package opencl calls OpenCL 1.2 without cgo: it opens the library when the
// program runs, so that nothing of it is needed where the program is built.
//
// It is built with the tag gpu alone: a program that can open libraries is linked
// dynamically. Use it in this order:
//
//  1. [Find] looks for a device, first through libOpenCL.so.1, then in the vendors' own
//     libraries.
//  2. [Device.Open] makes a context.
//  3. [Context.Build] compiles a source, or loads the binary of an earlier run.
//  4. [Context.Buffer], [Context.Queue] and [Program.Kernel] make what runs there.
package opencl
