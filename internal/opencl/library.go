//go:build gpu

package opencl

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// library is an opened library: the loader of all vendors' or one vendor's own.
type library struct {
	path   string
	handle uintptr
	loader bool // its functions have OpenCL's names
}

// calls are the functions of one platform.
type calls struct {
	getPlatformInfo     func(platform uintptr, what uint32, size uintptr, value unsafe.Pointer, got *uintptr) int32
	getDeviceIDs        func(platform uintptr, kind uint64, n uint32, ids *uintptr, got *uint32) int32
	getDeviceInfo       func(device uintptr, what uint32, size uintptr, value unsafe.Pointer, got *uintptr) int32
	createContext       func(properties *uintptr, n uint32, devices *uintptr, notify, data uintptr, code *int32) uintptr
	releaseContext      func(context uintptr) int32
	createCommandQueue  func(context, device uintptr, properties uint64, code *int32) uintptr
	releaseCommandQueue func(queue uintptr) int32
	createBuffer        func(context uintptr, flags uint64, size uintptr, host unsafe.Pointer, code *int32) uintptr
	releaseMemObject    func(buffer uintptr) int32
	programWithSource   func(context uintptr, n uint32, texts **byte, lengths *uintptr, code *int32) uintptr
	programWithBinary   func(context uintptr, n uint32, devices, lengths *uintptr, binaries **byte, states, code *int32) uintptr
	releaseProgram      func(program uintptr) int32
	buildProgram        func(program uintptr, n uint32, devices *uintptr, options *byte, notify, data uintptr) int32
	getProgramInfo      func(program uintptr, what uint32, size uintptr, value unsafe.Pointer, got *uintptr) int32
	getProgramBuildInfo func(program, device uintptr, what uint32, size uintptr, value unsafe.Pointer, got *uintptr) int32
	createKernel        func(program uintptr, name *byte, code *int32) uintptr
	releaseKernel       func(kernel uintptr) int32
	setKernelArg        func(kernel uintptr, i uint32, size uintptr, value unsafe.Pointer) int32
	enqueueReadBuffer   func(queue, buffer uintptr, blocking uint32, offset, size uintptr, host unsafe.Pointer, n uint32, wait, event *uintptr) int32
	enqueueWriteBuffer  func(queue, buffer uintptr, blocking uint32, offset, size uintptr, host unsafe.Pointer, n uint32, wait, event *uintptr) int32
	enqueueKernel       func(queue, kernel uintptr, dims uint32, offset, global, local *uintptr, n uint32, wait, event *uintptr) int32
}

// entries are the names of the functions and their places in the dispatch table, to
// which every object of an installable client driver points (cl_khr_icd).
func (c *calls) entries() []entry {
	return []entry{
		{&c.getPlatformInfo, "clGetPlatformInfo", 1}, {&c.getDeviceIDs, "clGetDeviceIDs", 2}, {&c.getDeviceInfo, "clGetDeviceInfo", 3},
		{&c.createContext, "clCreateContext", 4}, {&c.releaseContext, "clReleaseContext", 7},
		{&c.createCommandQueue, "clCreateCommandQueue", 9}, {&c.releaseCommandQueue, "clReleaseCommandQueue", 11},
		{&c.createBuffer, "clCreateBuffer", 14}, {&c.releaseMemObject, "clReleaseMemObject", 18},
		{&c.programWithSource, "clCreateProgramWithSource", 26}, {&c.programWithBinary, "clCreateProgramWithBinary", 27},
		{&c.releaseProgram, "clReleaseProgram", 29}, {&c.buildProgram, "clBuildProgram", 30},
		{&c.getProgramInfo, "clGetProgramInfo", 32}, {&c.getProgramBuildInfo, "clGetProgramBuildInfo", 33},
		{&c.createKernel, "clCreateKernel", 34}, {&c.releaseKernel, "clReleaseKernel", 37}, {&c.setKernelArg, "clSetKernelArg", 38},
		{&c.enqueueReadBuffer, "clEnqueueReadBuffer", 48}, {&c.enqueueWriteBuffer, "clEnqueueWriteBuffer", 49},
		{&c.enqueueKernel, "clEnqueueNDRangeKernel", 59},
	}
}

type entry struct {
	function any
	name     string
	place    uintptr
}

// bind finds the functions of a platform: by name in the loader, by place in the
// table of a vendor's library, which exports hardly any name.
func (l *library) bind(platform uintptr) (*calls, error) {
	c := new(calls)
	for _, e := range c.entries() {
		var at uintptr
		if l.loader {
			var err error
			if at, err = purego.Dlsym(l.handle, e.name); err != nil {
				return nil, err
			}
		} else {
			table := **(**unsafe.Pointer)(unsafe.Pointer(&platform))
			at = *(*uintptr)(unsafe.Add(table, e.place*unsafe.Sizeof(at)))
		}
		if at == 0 {
			return nil, fmt.Errorf("%s has no %s", l.path, e.name)
		}
		purego.RegisterFunc(e.function, at)
	}
	return c, nil
}

// platforms lists the platforms of a library.
func (l *library) platforms() ([]uintptr, error) {
	name := "clIcdGetPlatformIDsKHR"
	if l.loader {
		name = "clGetPlatformIDs"
	}
	at, err := purego.Dlsym(l.handle, name)
	if err != nil {
		// A vendor's library may hand it out by this function alone.
		if at, err = l.extension(name); err != nil {
			return nil, err
		}
	}
	var list func(n uint32, ids *uintptr, got *uint32) int32
	purego.RegisterFunc(&list, at)
	ids, n := make([]uintptr, 16), uint32(0)
	if code := list(uint32(len(ids)), &ids[0], &n); code != 0 {
		return nil, fmt.Errorf("%s: %w", l.path, Error{name, code})
	}
	return ids[:min(int(n), len(ids))], nil
}

func (l *library) extension(name string) (uintptr, error) {
	at, err := purego.Dlsym(l.handle, "clGetExtensionFunctionAddress")
	if err != nil {
		return 0, err
	}
	var address func(name *byte) uintptr
	purego.RegisterFunc(&address, at)
	if at = address(cString(name)); at == 0 {
		return 0, fmt.Errorf("%s has no %s", l.path, name)
	}
	return at, nil
}

// LibraryVariable names the environment variable that holds the path of a vendor's
// library, to be used in place of all others.
const LibraryVariable = "SIMTRACE_OPENCL"

// candidates lists the libraries to try, the loader first.
func candidates() (paths []string, loaders int) {
	if path := os.Getenv(LibraryVariable); path != "" {
		return []string{path}, 0
	}
	paths = []string{"libOpenCL.so.1", "libOpenCL.so"}
	loaders = len(paths)
	registered, _ := filepath.Glob("/etc/OpenCL/vendors/*.icd") // the pattern is well-formed
	for _, file := range registered {
		if text, err := os.ReadFile(file); err == nil {
			paths = append(paths, strings.TrimSpace(string(text)))
		}
	}
	for _, name := range []string{"libnvidia-opencl.so.1", "libamdocl64.so", "intel-opencl/libigdrcl.so", "libpocl.so.2"} {
		for _, dir := range []string{"", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/local/nvidia/lib64", "/usr/lib/wsl/lib"} {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths, loaders
}

// open opens a library; the error says what was missing.
func open(path string, loader bool) (*library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	return &library{path, handle, loader}, nil
}

// cString returns a string with C's end.
func cString(s string) *byte { return &append([]byte(s), 0)[0] }
