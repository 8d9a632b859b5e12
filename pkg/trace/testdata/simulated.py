TRACE_PY:detector_convention=CUSTOM
TRACE_PY:angles_rad=rotx:0.1 roty:-0.2
TRACE_PY:Rx=[1 0 0; 0 1 -0; 0 0 1]
TRACE: Raw matrix:
TRACE_CONFIG: tracing pixel (spixel=12, fpixel=34)
TRACE_PY: fdet_vec 0 0 1
TRACE_PY: hkl_rounded -7 -1 -14
TRACE_PY_TRICUBIC_GRID_START
TRACE_PY_TRICUBIC: [0,0,0]=0.25
TRACE_PY_TRICUBIC: [1,2,3]=27.25
TRACE_PY_TRICUBIC: [3,3,3]=63.25
TRACE_PY_TRICUBIC_GRID_END
TRACE_PY_TRICUBIC_H_COORDS: [-8.0, -7.0, -6.0, -5.0]
TRACE_PY_TRICUBIC_K_COORDS: [-2.0, -1.0, 0.0, 1.0]
TRACE_PY_TRICUBIC_L_COORDS: [-15.0, -14.0, -13.0, -12.0]
TRACE_PY: F_cell_interpolated 155.169701219281
TRACE_PY_PHI phi_tic=0 phi_deg=0 k_frac=-0.333333333333333
TRACE_PY_PHI phi_tic=1 phi_deg=0.01 k_frac=inf
TRACE_PY: steps 10
TRACE_PY: I_pixel_final 2.88139542684698e-07
TRACE_PY_SOURCE 1: source_weight 0.2
TRACE_CONFIG: tracing pixel (spixel=12, fpixel=35)
TRACE_PY: steps 10
