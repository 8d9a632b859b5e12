package parity_test

import (
	"fmt"
	"math"
	"strings"
)

// The kinds of log that programs print, each with the numbers of one small
// simulation: a damped spring, five quantities a step.

// motion is one step.
type motion struct {
	n int
	t float64
	q [5]float64 // force, acceleration, velocity, position, energy
}

var motionNames = [5]string{"force", "accel", "velocity", "position", "energy"}

// motions integrates the spring over some steps; disturb may change what is
// printed of a step.
func motions(steps int, disturb func(step int, q *[5]float64)) []motion {
	x, v := 1.0, 0.3
	var out []motion
	for n := range steps {
		f := -4*x - 0.2*v
		a := f / 1.5
		v += a * 0.05
		x += v * 0.05
		q := [5]float64{f, a, v, x, 0.75*v*v + 2*x*x}
		disturb(n, &q)
		out = append(out, motion{n: n, t: float64(n) * 0.05, q: q})
	}
	return out
}

// printer gathers lines.
type printer struct{ lines []string }

func (p *printer) f(format string, args ...any) {
	p.lines = append(p.lines, strings.Split(fmt.Sprintf(format, args...), "\n")...)
}

// clock is what differs on every run.
type clock struct {
	run  int // 0 and 1 are the two runs
	tick int
}

func (c *clock) seconds() float64 {
	c.tick++
	return float64(c.tick)*1.03 + float64(c.run)*0.377 + float64((c.tick*(7+c.run))%11)*0.2
}

func (c *clock) time() string {
	c.tick++
	return fmt.Sprintf("%02d:%02d:%02d", 9+c.run, c.tick/60, c.tick%60)
}

// fortranD prints as Fortran's D edit descriptor does.
func fortranD(v float64) string {
	return strings.Replace(fmt.Sprintf("%.10E", v), "E", "D", 1)
}

// kind is one way to print the simulation.
type kind struct {
	name  string
	print func(p *printer, m []motion, c *clock)
}

var kinds = []kind{
	{name: "lammps", print: func(p *printer, m []motion, c *clock) {
		p.f("LAMMPS (29 Aug 2024 - Update 1)\nReading data file ...\n  orthogonal box = (0 0 0) to (33.6 33.6 33.6)\n  2 by 1 by 1 MPI processor grid\n  4000 atoms\n  read_data CPU = %.3f seconds", c.seconds())
		p.f("Neighbor list info ...\n  update: every = 20 steps, delay = 0 steps, check = no\n  master list distance cutoff = 2.8\n  binsize = 1.4, bins = 24 24 24")
		p.f("Per MPI rank memory allocation (min/avg/max) = %.3f | 3.211 | 3.3 Mbytes\n   Step          Temp          E_pair         E_mol          TotEng         Press     ", 3.1+float64(c.run))
		for _, s := range m {
			p.f("%10d %14.8g %14.8g %14.8g %14.8g %14.8g", s.n*10, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
		p.f("Loop time of %g on 2 procs for 120 steps with 4000 atoms\n\nPerformance: %.3f tau/day, %.3f timesteps/s, 1.2 Matom-step/s\n%.1f%% CPU use with 2 MPI tasks x 1 OpenMP threads", c.seconds(), c.seconds()*1e5, c.seconds()*100, 99.1+0.3*float64(c.run))
		p.f("\nMPI task timing breakdown:\nSection |  min time  |  avg time  |  max time  |%%varavg| %%total\n---------------------------------------------------------------")
		for _, n := range []string{"Pair", "Neigh", "Comm", "Output", "Modify"} {
			p.f("%-7s | %-10.5g | %-10.5g | %-10.5g |   %.1f | %5.2f", n, c.seconds(), c.seconds(), c.seconds(), c.seconds(), c.seconds())
		}
		p.f("Other   |            | %.4f     |            |       |  0.76\n\nNlocal:           2000 ave        2005 max        1995 min\nHistogram: 1 0 0 0 0 0 0 0 0 1\nTotal # of neighbors = 151513\nAve neighs/atom = 37.87825\nTotal wall time: 0:00:%02d", c.seconds(), 3+c.run)
	}},
	{name: "espresso", print: func(p *printer, m []motion, c *clock) {
		p.f("\n     Program PWSCF v.7.2 starts on %2dMar2025 at %2d:11:43 \n\n     Parallel version (MPI), running on     2 processors\n     bravais-lattice index     =            2\n     lattice parameter (alat)  =      10.2000  a.u.\n     number of atoms/cell      =            2", 4+c.run, 8+c.run)
		p.f("     celldm(1)=  10.200000  celldm(2)=   0.000000  celldm(3)=   0.000000\n     crystal axes: (cart. coord. in units of alat)\n               a(1) = (  -0.500000   0.000000   0.500000 )  \n               a(2) = (   0.000000   0.500000   0.500000 )  \n     number of k points=     2\n                       cart. coord. in units 2pi/alat\n        k(    1) = (  -0.2500000   0.2500000   0.2500000), wk =   0.5000000\n        k(    2) = (   0.2500000  -0.2500000   0.7500000), wk =   1.5000000")
		for _, s := range m {
			p.f("\n     iteration # %2d     ecut=    18.00 Ry     beta= 0.70\n     Davidson diagonalization with overlap\n     ethr =  1.00E-02,  avg # of iterations =  2.0\n\n     total cpu time spent up to now is %10.1f secs\n", s.n+1, c.seconds())
			p.f("     total energy              = %16.8f Ry\n     one-electron contribution = %16.8f Ry\n     hartree contribution      = %16.8f Ry\n     xc contribution           = %16.8f Ry\n     estimated scf accuracy    < %16.8f Ry", s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
		p.f("\n     End of self-consistent calculation\n\n          k =-0.2500 0.2500 0.2500 (   113 PWs)   bands (ev):\n\n    -5.4321   4.1234   5.9876   6.0123\n\n     convergence has been achieved in  12 iterations\n\n     init_run     : %10.2fs CPU %10.2fs WALL (       1 calls)\n     PWSCF        : %10.2fs CPU %10.2fs WALL\n\n   This run was terminated on:  %2d:11:44   4Mar2025", c.seconds(), c.seconds(), c.seconds(), c.seconds(), 8+c.run)
	}},
	{name: "gromacs", print: func(p *printer, m []motion, c *clock) {
		p.f("GROMACS:      gmx mdrun, version 2023.3\nProcess ID:   %d\nHost: node%d  pid: %d  rank ID: 0\n   dt                             = 0.002\n   nsteps                         = 5000\n\nStarted mdrun on rank 0 Tue Mar  4 %s 2025\n", 4711+c.run*13, c.run, 4711+c.run*13, c.time())
		for _, s := range m {
			p.f("           Step           Time\n%15d%15.5f\n", s.n*100, s.t)
			p.f("   Energies (kJ/mol)\n          Angle       G96Angle    Proper Dih.          LJ-14\n%15.5e%15.5e%15.5e%15.5e\n Pressure (bar)   Constr. rmsd\n%15.5e    1.23457e-06\n", s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
		p.f("               Core t (s)   Wall t (s)        (%%)\n       Time: %12.3f %12.3f      199.9\n                 (ns/day)    (hour/ns)\nPerformance: %12.3f %12.3f\nFinished mdrun on rank 0 Tue Mar  4 %s 2025", c.seconds(), c.seconds(), c.seconds(), c.seconds(), c.time())
	}},
	{name: "eval-callback", print: func(p *printer, m []motion, c *clock) {
		p.f("build: 4011 (0f77aae5) with cc (Debian 12.2.0-14) 12.2.0 for x86_64-linux-gnu\nllama_model_loader: - kv   0:                       general.architecture str              = llama\nllm_load_print_meta: n_layer          = 32\nllama_kv_cache_init:        CPU KV buffer size =   256.00 MiB\nllama_new_context_with_model: graph nodes  = 1030\nsystem_info: n_threads = %d (n_threads_batch = %d) / %d | AVX = 1 | AVX2 = %d |", 4+c.run, 4+c.run, 8+c.run, 1-c.run)
		for _, s := range m {
			for k, n := range motionNames {
				p.f("ggml_debug: %20s-%d = (f32)    MUL_MAT(blk.%d.%s.weight{4096, 32, 1, 1}, inp-%d{4096, 3, 1, 1}}) = {4096, 3, 1, 1}\n                                     [\n                                      [\n                                       [%12.4f, %12.4f, %12.4f, ..., %12.4f],\n                                       [%12.4f, %12.4f, %12.4f, ..., %12.4f],\n                                      ],\n                                     ]\n                                     sum = %f",
					n, s.n, s.n, n, s.n, s.q[k], s.q[k]*0.5, s.q[k]*0.25, s.q[k]*3, s.q[k]*7, s.q[k]*1.5, s.q[k]*0.3, s.q[k]*2, s.q[k]*15.55)
			}
		}
		p.f("\nllama_print_timings:        load time = %10.2f ms\nllama_print_timings:      sample time = %10.2f ms /     1 runs   (    0.00 ms per token,      inf tokens per second)\nllama_print_timings: prompt eval time = %10.2f ms /     3 tokens ( %8.2f ms per token, %8.2f tokens per second)\nllama_print_timings:       total time = %10.2f ms /     4 tokens", c.seconds(), c.seconds(), c.seconds(), c.seconds(), c.seconds(), c.seconds())
	}},
	{name: "amrex", print: func(p *printer, m []motion, c *clock) {
		p.f("Initializing AMReX (23.07)...\nMPI initialized with 2 MPI processes\nAMReX (23.07) initialized")
		for _, s := range m {
			p.f("\n[Level 0 step %d] ADVANCE with dt = 0.05\n[Level 0 step %d] Advanced 1024 cells\nSTEP = %d TIME = %.10g DT = 0.05\nTIME = %.6f MASS = %.12g\nTIME = %.6f XMOM = %.12g\nTIME = %.6f ENERGY = %.12g\nmin = %.12e max = %.12e\nCoarse TimeStep time: %.6f", s.n+1, s.n+1, s.n+1, s.t, s.t, s.q[0], s.t, s.q[1], s.t, s.q[2], s.q[3], s.q[4], c.seconds())
		}
		p.f("Run Time total        = %.6f\nTotal GPU global memory (MB) spread across MPI: [40960 ... 40960]\n[The         Arena] space (MB) allocated spread across MPI: [%d ... %d]\nAMReX (23.07) finalized", c.seconds(), 10+c.run, 10+c.run)
	}},
	{name: "openfoam", print: func(p *printer, m []motion, c *clock) {
		p.f("Build  : 10-4c2d0e1a\nExec   : icoFoam\nDate   : Mar 0%d 2025\nTime   : %s\nHost   : \"node%d\"\nPID    : %d\nI/O    : uncollated\nCase   : /home/u%d/cavity\nnProcs : 1\n\nStarting time loop\n", 4+c.run, c.time(), c.run, 1234+c.run, c.run)
		for _, s := range m {
			p.f("Time = %g\n\nCourant Number mean: %.6g max: %.6g\nsmoothSolver:  Solving for Ux, Initial residual = %.6g, Final residual = %.6g, No Iterations 3\nsmoothSolver:  Solving for Uy, Initial residual = 0.5, Final residual = 1.2e-06, No Iterations 3\nDICPCG:  Solving for p, Initial residual = %.6g, Final residual = 0.001, No Iterations 12\ntime step continuity errors : sum local = 2.1e-05, global = 3.3e-19, cumulative = 3.3e-19\nDICPCG:  Solving for p, Initial residual = 0.3, Final residual = 1e-07, No Iterations 22\nExecutionTime = %.2f s  ClockTime = %d s\n", 0.005*float64(s.n+1), s.q[0], s.q[1], s.q[2], s.q[3], s.q[4], c.seconds(), int(c.seconds()))
		}
		p.f("End")
	}},
	{name: "vasp", print: func(p *printer, m []motion, c *clock) {
		p.f(" vasp.6.3.2 27Jun22 (build Mar 04 2025 09:0%d:11) complex\n executed on             LinuxIFC date 2025.03.0%d  %s\n running on    2 total cores\n   ENCUT  =  250.0 eV  18.37 Ry    4.29 a.u.   4.40  4.40  4.40*2*pi/ulx,y,z", c.run, 4+c.run, c.time())
		for _, s := range m {
			p.f("--------------------------------------- Iteration      1(%4d)  ---------------------------------------\n\n    POTLOK:  cpu time    %.4f: real time    %.4f\n --------------------------------------------\n  alpha Z        PSCENC =        37.27142857\n  Ewald energy   TEWEN  = %18.8f\n  -Hartree energ DENC   = %18.8f\n  -exchange      EXHF   =         0.00000000\n  PAW double counting   = %18.8f %18.8f\n  ---------------------------------------------------\n  free energy    TOTEN  = %18.8f eV", s.n+1, c.seconds(), c.seconds(), s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
		p.f(" General timing and accounting informations for this job:\n ========================================================\n\n                  Total CPU time used (sec):  %10.3f\n                         Elapsed time (sec):  %10.3f\n                   Maximum memory used (kb):      %d.\n                          Minor page faults:        %d\n                 Voluntary context switches:          %d", c.seconds(), c.seconds(), 55000+c.run, 14000+c.run, 500+c.run)
	}},
	{name: "pytorch", print: func(p *printer, m []motion, c *clock) {
		p.f("Using device: cuda:%d\nNumber of parameters: 61706", c.run)
		for _, s := range m {
			p.f("Epoch [%d/12], Step [100/600], Loss: %.4f, grad_norm: %.6f, lr: 1.00e-03 (%.2f s)\n  val: acc %.6f | nll %.6f | best %.8f | elapsed 0:00:%02d", s.n+1, s.q[0], s.q[1], c.seconds(), s.q[2], s.q[3], s.q[4], s.n+c.run)
		}
		p.f("Training took %.1fs (%.1f it/s), peak memory %d MB", c.seconds(), c.seconds(), 900+c.run)
	}},
	{name: "keras", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("Epoch %d/12\n1875/1875 [==============================] - %.0fs %.0fms/step - loss: %.6f - accuracy: %.6f - val_loss: %.6f - val_accuracy: %.6f - lr: %.6f", s.n+1, c.seconds(), c.seconds()*3, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "sklearn", print: func(p *printer, m []motion, c *clock) {
		p.f("[Parallel(n_jobs=%d)]: Using backend LokyBackend with %d concurrent workers.", 2+c.run, 2+c.run)
		for _, s := range m {
			p.f("-- Epoch %d\nNorm: %.2f, NNZs: 4, Bias: %.6f, T: 100, Avg. loss: %.6f\nTotal training time: %.2f seconds.\nIteration %d, loss = %.8f\nValidation score: %.6f", s.n+1, s.q[0]*10, s.q[1], s.q[2], c.seconds(), s.n+1, s.q[3], s.q[4])
		}
	}},
	{name: "petsc", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("%3d TS dt 0.05 time %g\n    0 SNES Function norm %.12e\n      0 KSP Residual norm %.12e\n      1 KSP Residual norm %.12e\n      2 KSP Residual norm %.12e\n    Linear solve converged due to CONVERGED_RTOL iterations 2\n    1 SNES Function norm %.12e", s.n, s.t, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
		p.f("Time (sec):           %.3e     1.000   %.3e\nFlops:                1.2e+06     1.000   1.2e+06  1.2e+06\nMPI Msg Count:        0.000e+00     0.000   0.000e+00  0.000e+00", c.seconds(), c.seconds())
	}},
	{name: "gaussian", print: func(p *printer, m []motion, c *clock) {
		p.f(" Entering Link 1 = /opt/g16/l1.exe PID=      %d.\n  4-Mar-2025\n", 12345+c.run)
		for _, s := range m {
			p.f(" Cycle %3d  Pass 1  IDiag  1:\n E= %.12f     Delta-E=       %.12f Rises=F Damp=F\n SCF Done:  E(RHF) =  %.9f     A.U. after   11 cycles\n            NFock= 11  Conv=0.51D-08     -V/T= 2.0021\n Center     Atomic                   Forces (Hartrees/Bohr)\n Number     Number              X              Y              Z\n -------------------------------------------------------------------\n      1        8           0.000000000    0.000000000   %14.9f\n      2        1           0.000000000    0.010000000   %14.9f", s.n+1, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
		p.f(" Job cpu time:       0 days  0 hours  0 minutes %4.1f seconds.\n Elapsed time:       0 days  0 hours  0 minutes  %.1f seconds.\n Normal termination of Gaussian 16 at Tue Mar  4 %s 2025.", c.seconds(), c.seconds(), c.time())
	}},
	{name: "orca", print: func(p *printer, m []motion, c *clock) {
		p.f("ITER       Energy         Delta-E        Max-DP      RMS-DP      [F,P]     Damp\n               ***  Starting incremental Fock matrix formation  ***")
		for _, s := range m {
			p.f("%3d   %16.10f %16.10f %13.8f %12.8f %11.7f 0.7000", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
		p.f("Sum of individual times         ...        %.3f sec (=   0.027 min)\nTOTAL RUN TIME: 0 days 0 hours 0 minutes %d seconds %d msec", c.seconds(), 3+c.run, 400+c.run)
	}},
	{name: "nwchem", print: func(p *printer, m []motion, c *clock) {
		p.f("                 hostname        = node%d\n                 nproc           =        2\n   convergence    iter        energy       DeltaE   RMS-Dens  Diis-err    time\n ---------------- ----- ----------------- --------- --------- ---------  ------", c.run)
		for _, s := range m {
			p.f(" d= 0,ls=0.0,diis %5d %17.10f %9.2E %9.2E %9.2E %7.1f", s.n+1, s.q[0], s.q[1], s.q[2], s.q[3], c.seconds())
			p.f("   Grad   x = %.8f  y = %.8f", s.q[4], s.q[4]/3)
		}
		p.f(" Total times  cpu:        %.1fs     wall:        %.1fs", c.seconds(), c.seconds())
	}},
	{name: "su2", print: func(p *printer, m []motion, c *clock) {
		p.f("+----------------------------------------------------------------------------------------+\n|  Inner_Iter|    Time(sec)|    rms[Rho]|   rms[RhoU]|   rms[RhoE]|          CL|         CD|\n+----------------------------------------------------------------------------------------+")
		for _, s := range m {
			p.f("|%12d|%13.4e|%12.6f|%12.6f|%12.6f|%12.6f|%11.6f|", s.n, c.seconds(), s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "namd", print: func(p *printer, m []motion, c *clock) {
		p.f("Info: NAMD 2.14 for Linux-x86_64-multicore\nInfo: Running on 2 processors, 1 nodes, 1 physical nodes.\nInfo: TIMESTEP               1\nETITLE:      TS           BOND          ANGLE          DIHED          IMPRP         TOTAL\n")
		for _, s := range m {
			p.f("ENERGY: %7d %14.4f %14.4f %14.4f %14.4f %14.4f\n", s.n*10, s.q[0]*100, s.q[1]*100, s.q[2]*100, s.q[3]*100, s.q[4]*100)
		}
		p.f("WallClock: %.6f  CPUTime: %.6f  Memory: %.6f MB", c.seconds(), c.seconds(), 50+c.seconds())
	}},
	{name: "mom6", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("MOM Day %10.3f %5d: En %.6E, MaxCFL  %.5f, Mass %.12E, Salt %.9f, Temp %.9f\n    Total Energy:    4129E9F7D0D9B3F5  %.16E\n    Total Mass:   %.16E, Change:   1.2E-04 Error: -3.1E+05", s.t, s.n, math.Abs(s.q[0]), math.Abs(s.q[1]), s.q[2]*1e21, 30+s.q[3], 3+s.q[4], s.q[0]*1e18, s.q[2]*1e21)
		}
	}},
	{name: "wrf", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("d01 2000-01-24_12:%02d:00 max w = %.6f theta = %.6f\nd01 2000-01-24_12:%02d:00 %d points exceeded cfl=2 in domain d01\nTiming for main: time 2000-01-24_12:%02d:00 on domain   1:    %.5f elapsed seconds\nd01 2000-01-24_12:%02d:00 qv: %.8E qc: %.8E u10 %.6f", s.n, s.q[0], s.q[1], s.n, 3, s.n, c.seconds(), s.n, s.q[2], s.q[3], s.q[4])
		}
		p.f("wrf: SUCCESS COMPLETE WRF")
	}},
	{name: "mitgcm", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("(PID.TID 0000.0001) // =======================================================\n(PID.TID 0000.0001) // Begin MONITOR dynamic field statistics\n(PID.TID 0000.0001) %%MON time_tsnumber                =               %d\n(PID.TID 0000.0001) %%MON time_secondsf                =   %.13E", s.n, s.t)
			for k, n := range motionNames {
				p.f("(PID.TID 0000.0001) %%MON dynstat_%-10s           =   %.13E", n, s.q[k])
			}
		}
		p.f("(PID.TID 0000.0001)   Seconds in section \"ALL                    [THE_MODEL_MAIN]\":\n(PID.TID 0000.0001)           User time:   %.3f\n(PID.TID 0000.0001)         System time:   %.3f\n(PID.TID 0000.0001)     Wall clock time:   %.3f\n(PID.TID 0000.0001)          No. starts:           1", c.seconds(), c.seconds(), c.seconds())
	}},
	{name: "srun", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			order := []int{0, 1}
			if (s.n+c.run)%3 == 1 {
				order = []int{1, 0}
			}
			for _, r := range order {
				p.f("%d: step %d rank energy %.10f", r, s.n, s.q[4]*float64(1+r))
				p.f("%d:   force=%.10f accel=%.10f velocity=%.10f position=%.10f", r, s.q[0]*float64(1+r), s.q[1], s.q[2], s.q[3])
			}
		}
	}},
	{name: "mpirun", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			order := []int{0, 1}
			if (s.n+c.run)%3 == 1 {
				order = []int{1, 0}
			}
			for _, r := range order {
				p.f("[1,%d]<stdout>: step: %d", r, s.n)
				for k, n := range motionNames {
					p.f("[1,%d]<stdout>:   %s: %.10f", r, n, s.q[k]*float64(1+r))
				}
			}
		}
	}},
	{name: "python-logging", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("2025-03-0%d %s,%03d - solver.core - INFO - [MainThread:%d] step=%d force=%.10g accel=%.10g\nINFO:solver:velocity=%.10g position=%.10g\n[2025-03-0%d %s][INFO] energy: %.10g (took %.3fs)", 4+c.run, c.time(), c.tick, 140000+c.run, s.n, s.q[0], s.q[1], s.q[2], s.q[3], 4+c.run, c.time(), s.q[4], c.seconds())
		}
	}},
	{name: "glog", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("I0304 %s.%06d %d solver.cpp:218] Iteration %d, loss = %.7g\nI0304 %s.%06d %d solver.cpp:237]     Train net output #0: force = %.7g (* 1 = %.7g loss)\nI0304 %s.%06d %d sgd_solver.cpp:105] Iteration %d, lr = 0.01\nI0304 %s.%06d %d solver.cpp:330]     Test net output #0: accuracy = %.7g\nI0304 %s.%06d %d solver.cpp:330]     Test net output #1: nll = %.7g", c.time(), c.tick*1000+c.run, 999+c.run, s.n*100, s.q[4], c.time(), c.tick, 999+c.run, s.q[0], s.q[1], c.time(), c.tick, 999+c.run, s.n*100, c.time(), c.tick, 999+c.run, s.q[2], c.time(), c.tick, 999+c.run, s.q[3])
		}
	}},
	{name: "namelist", print: func(p *printer, m []motion, c *clock) {
		p.f("&CONTROL\n DT = 5.0D-002,\n NSTEPS =          12,\n TITLE = \"spring\",\n RESTART = F,\n/")
		for _, s := range m {
			p.f("&STATE\n ISTEP   = %11d,\n FORCE   = %s,\n ACCEL   = %s,\n V       = 2*%s,\n XYZ     = %s, %s, 0.0D0,\n/", s.n, fortranD(s.q[0]), fortranD(s.q[1]), fortranD(s.q[2]), fortranD(s.q[3]), fortranD(s.q[4]))
		}
	}},
	{name: "fortran-list", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f(" step          %d\n  %.16f       %.16f     \n  %.16f       %.16f       %.16fE-002", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "yaml", print: func(p *printer, m []motion, c *clock) {
		p.f("---\nrun:\n  host: node%d\n  started: 2025-03-0%d %s\nsteps:", c.run, 4+c.run, c.time())
		for _, s := range m {
			p.f("  - step: %d\n    forces:\n      total: %.12g\n      accel: %.12g\n    state:\n      v: %.12g\n      x: [%.12g, 0.0, 0.0]\n    energy: %.12g", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "json-pretty", print: func(p *printer, m []motion, c *clock) {
		p.f("{\n  \"pid\": %d,\n  \"steps\": [", 999+c.run)
		for i, s := range m {
			p.f("    {\n      \"step\": %d,\n      \"forces\": {\n        \"total\": %.12g,\n        \"accel\": %.12g\n      },\n      \"v\": [\n        %.12g,\n        0.0\n      ],\n      \"x\": %.12g,\n      \"energy\": %.12g", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
			p.f("    }%s", []string{",", ""}[(i+1)/len(m)])
		}
		p.f("  ],\n  \"elapsed_s\": %.3f\n}", c.seconds())
	}},
	{name: "json-nested", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f(`{"ts": "2025-03-0%dT%sZ", "pid": %d, "event": {"step": %d, "state": {"f": [%.12g, %.12g], "v": %.12g}, "x": {"pos": %.12g, "ok": true}}, "energy": %.12g, "elapsed_ms": %.3f}`, 4+c.run, c.time(), 999+c.run, s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4], c.seconds())
		}
	}},
	{name: "tsv", print: func(p *printer, m []motion, c *clock) {
		p.f("phase\tstep\ttime_s\tforce\taccel\tvelocity\tposition\tenergy")
		for _, s := range m {
			p.f("md\t%d\t%.3f\t%.10g\t%.10g\t%.10g\t%.10g\t%.10g", s.n, s.t, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "csv-words", print: func(p *printer, m []motion, c *clock) {
		p.f("step,body,force,accel,velocity,position,energy,note")
		for _, s := range m {
			p.f("%d,\"left, upper\",%.10g,%.10g,%.10g,%.10g,%.10g,ok\n%d,right,%.10g,%.10g,%.10g,%.10g,%.10g,", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4], s.n, s.q[0]*2, s.q[1]*2, s.q[2]*2, s.q[3]*2, s.q[4]*2)
		}
	}},
	{name: "repeated-header", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			if s.n%5 == 0 {
				p.f("\n  iter     objective      inf_pr     inf_du   ||d||   alpha")
			}
			p.f("%6d  %14.7e  %9.6e  %9.6e  %9.6e  %9.6e", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "names-columns", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("nstep = %4d   day = %8.3f\n%-12s %18s %18s %18s", s.n, s.t, "field", "min", "max", "mean")
			for k, n := range []string{"U component", "V component", "T", "PS", "Q (kg/kg)"} {
				p.f("%-12s %18.10e %18.10e %18.10e", n, s.q[k]*0.5, s.q[k]*2, s.q[k])
			}
		}
	}},
	{name: "numpy", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("--- step %d ---\nF: [[%.8f %.8f]\n [%.8f %.8f]]\nv = array([%.8f, 0.        ])\nx=np.float64(%.12g)\nE tensor(%.8f, dtype=torch.float64)", s.n, s.q[0], s.q[1], s.q[1]*2, s.q[0]*2, s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "torch", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("layer %d\nforce: tensor([[%.6f, %.6f, %.6f],\n        [%.6f, %.6f, %.6f]], grad_fn=<MulBackward0>)\nweight Parameter containing:\ntensor([%.6f, %.6f], requires_grad=True)\nlogits\ntensor([[%.6f],\n        [%.6f]], device='cuda:%d')", s.n, s.q[0], s.q[0]*2, s.q[0]*3, s.q[1], s.q[1]*2, s.q[1]*3, s.q[2], s.q[2]*4, s.q[3], s.q[4], c.run)
		}
	}},
	{name: "markdown", print: func(p *printer, m []motion, c *clock) {
		p.f("| step | force | accel | velocity | position | energy |\n|-----:|------:|------:|---------:|---------:|-------:|")
		for _, s := range m {
			p.f("| %d | %.10f | %.10f | %.10f | %.10f | %.10f |", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "units-row", print: func(p *printer, m []motion, c *clock) {
		p.f("# step     force     accel    velocity  position   energy\n# [-]       [N]     [m/s^2]    [m/s]      [m]       [J]")
		for _, s := range m {
			p.f("%6d %16.9e %16.9e %16.9e %16.9e %16.9e", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "amber", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("\n NSTEP = %8d   TIME(PS) = %11.3f  TEMP(K) = %8.2f  PRESS = %7.1f\n Etot   = %13.4f  EKtot   = %13.4f  EPtot      = %13.4f\n BOND   = %13.4f  1-4 NB = %13.4f\n ------------------------------------------------------------------------------", s.n*100, s.t, 300.0, 0.0, s.q[0]*100, s.q[1]*100, s.q[2]*100, s.q[3]*100, s.q[4]*100)
		}
		p.f("|  Master Total CPU time:          %.2f seconds     0.00 hours\n|     ns/day = %10.2f   seconds/ns = %10.2f", c.seconds(), c.seconds(), c.seconds())
	}},
	{name: "cp2k", print: func(p *printer, m []motion, c *clock) {
		p.f("  Step     Update method      Time    Convergence         Total energy    Change\n  ------------------------------------------------------------------------------")
		for _, s := range m {
			p.f("%6d P_Mix/Diag. 0.40E+00 %6.1f %14.8f %20.10f %9.2E", s.n+1, c.seconds(), s.q[0], s.q[1], s.q[2])
			p.f("  Overlap energy of the core charge distribution: %20.14f\n  Self energy of the core charge distribution:    %20.14f", s.q[3], s.q[4])
		}
		p.f("\n SUBROUTINE                       CALLS  ASD         SELF TIME        TOTAL TIME\n                                MAXIMUM       AVERAGE  MAXIMUM  AVERAGE  MAXIMUM\n CP2K                                 1  1.0    %.3f    %.3f    %.3f    %.3f", c.seconds(), c.seconds(), c.seconds(), c.seconds())
	}},
	{name: "sentences", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("In sweep %d we found a residual of %.9g (was %.9g).\nThe step length became %.9g; %.9g of the trust region is used, objective %.9g!", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
	{name: "colour", print: func(p *printer, m []motion, c *clock) {
		for _, s := range m {
			p.f("\x1b[32m[INFO]\x1b[0m step \x1b[1m%d\x1b[0m force=\x1b[33m%.9g\x1b[0m accel=%.9g\n\x1b[36m  velocity\x1b[0m: %.9g\n\x1b[36m  position\x1b[0m: %.9g\n\x1b[36m  energy\x1b[0m: %.9g", s.n, s.q[0], s.q[1], s.q[2], s.q[3], s.q[4])
		}
	}},
}
