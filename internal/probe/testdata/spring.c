/* A mass on a spring, for tests of tracecmp probe. It prints one line. */
#include <stdio.h>
#include <stdlib.h>

enum shape { SQUARE, ROUND };

struct body {
    double x[3];
    float mass;
    enum shape shape;
    const char *name;
};

static double force(const struct body *b, int i)
{
    double f = -3.0 * b->x[i] / b->mass;
    return f;
}

int main(int argc, char **argv)
{
    struct body ball = {{1.0, 0.1, -1.0 / 3.0}, 0.7f, ROUND, "ball"};
    double v[3] = {0, 0, 0}, dt = 0.1, energy = 0;
    int step, i, steps = argc > 1 ? atoi(argv[1]) : 4;
    for (step = 0; step < steps; step++) {
        energy = 0;
        for (i = 0; i < 3; i++) {
            double f = force(&ball, i);
            v[i] += dt * f;
            ball.x[i] += dt * v[i];
            energy += v[i] * v[i];
        }
        if (step == 99999) {
            /* never
               here */
        }
        energy *= ball.mass / 2;
    }
    printf("energy %.17g\n", energy);
    if (argc > 2)
        return atoi(argv[2]);
    return 0;
}
