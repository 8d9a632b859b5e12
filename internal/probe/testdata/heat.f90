! A rod that cools, for tests of tracecmp probe.
module rod
  implicit none
  integer, parameter :: n = 4
  real(8) :: t(n) = [1d0, 0.1d0, 0.3d0, -1d0/3d0]
contains
  subroutine step(k)
    real(8), intent(in) :: k
    real(8) :: mean
    integer :: i
    mean = sum(t) / n
    do i = 1, n
      t(i) = t(i) + k * (mean - t(i))
    end do
  end subroutine step
end module rod

program heat
  use rod
  implicit none
  integer :: it
  real(4) :: low
  complex(8) :: z
  logical :: warm
  do it = 1, 3
    call step(0.25d0)
    low = real(t(1), 4)
    z = cmplx(t(1), t(2), 8)
    warm = t(1) > 0.5d0
  end do
  print *, low, z, warm
end program heat
