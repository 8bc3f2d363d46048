! Heat in a square plate by successive over-relaxation: a solver that knows nothing of runs.
!
!     gfortran -O2 -o plate plate.f90
!     simvue run --name plate --csv residuals.csv --step-column iter --save plate.dat -- ./plate 1.9
!
! It prints its residual, writes residuals.csv while it goes and the field at the end. A factor of 2 or more diverges: exit code 3.
program plate
  implicit none
  integer, parameter :: dp = kind(1.0d0), n = 32, last = 400
  real(dp) :: t(0:n, 0:n), factor, change, residual
  character(32) :: argument
  integer :: iter, i, j, csv, field

  factor = 1.9_dp
  call get_command_argument(1, argument)
  if (len_trim(argument) > 0) read (argument, *) factor
  t = 0
  t(:, n) = 100
  open (newunit=csv, file='residuals.csv', status='replace', action='write')
  write (csv, '(a)') 'iter,residual,centre'

  do iter = 1, last
    ! The line is finished when the sweep is: what follows the file sees half of it meanwhile.
    write (csv, '(i0,a)', advance='no') iter, ','
    flush (csv)
    residual = 0
    do j = 1, n - 1
      do i = 1, n - 1
        change = (t(i - 1, j) + t(i + 1, j) + t(i, j - 1) + t(i, j + 1)) / 4 - t(i, j)
        t(i, j) = t(i, j) + factor * change
        residual = max(residual, abs(change))
      end do
    end do
    write (csv, '(es23.15e3,a,es23.15e3)') residual, ',', t(n / 2, n / 2)
    flush (csv)
    write (*, '(a,i4,a,d12.5)') 'Time step ', iter, ' residual ', residual
    if (residual < 1e-6_dp) exit
    if (residual > 1e3_dp) then
      write (*, '(a)') 'FATAL: divergence'
      stop 3
    end if
  end do

  open (newunit=field, file='plate.dat', status='replace', action='write')
  do j = 0, n
    write (field, '(*(f8.3))') t(:, j)
  end do
end program plate
