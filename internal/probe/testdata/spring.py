"""A mass on a spring, for tests of tracecmp probe. It prints one line."""
import sys


class Body:
    def __init__(self, x, mass):
        self.x, self.mass = x, mass


def force(b, i):
    f = -3.0 * b.x[i] / b.mass
    return f


def run(steps):
    ball, v, dt = Body([1.0, 0.1, -1.0 / 3.0], 0.7), [0.0, 0.0, 0.0], 0.1
    energy = 0.0
    for step in range(steps):
        energy = 0.0
        for i in range(3):
            v[i] += dt * force(ball, i)
            ball.x[i] += dt * v[i]
            energy += v[i] * v[i]
        energy = sum(
            [energy, 0.0],
            0.0,
        )
        squares = [x * x for x in v]; energy *= ball.mass / 2
    return energy


if __name__ == "__main__":
    print("energy", run(int(sys.argv[1]) if len(sys.argv) > 1 else 4))
    if len(sys.argv) > 2:
        raise ValueError("asked for " + sys.argv[2])
