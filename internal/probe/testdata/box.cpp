// Classes, templates and containers, for tests of tracecmp probe.
#include <complex>
#include <cstdio>
#include <vector>

namespace md {
template <class T> struct Box {
    T edge[2];
    T area() const {
        T a = edge[0] * edge[1];
        return a;
    }
};
}  // namespace md

class Run {
    double total = 0;

  public:
    void add(const std::vector<double> &xs)
    {
        for (double x : xs) {
            total += x;
        }
        bool big = total > 1;
        std::printf("%g %d\n", total, big);
    }
};

int main()
{
    md::Box<double> d{{0.1, 3.0}};
    md::Box<float> f{{0.1f, 3.0f}};
    double sum = d.area() + f.area();
    std::complex<double> z(sum, -1.0 / 3.0);
    Run run;
    run.add({sum, z.imag(), 0.7});
    return 0;
}
