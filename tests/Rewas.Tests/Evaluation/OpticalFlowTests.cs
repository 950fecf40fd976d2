using Rewas.Evaluation.Metrics;
using Rewas.Evaluation.Motion;

namespace Rewas.Tests.Evaluation;

public class OpticalFlowTests
{
    const int Side = 96;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, -1)]
    [InlineData(-3, 4)]
    public void A_texture_that_moves_is_seen_to_move_as_far(int right, int down)
    {
        var (x, y) = OpticalFlow.Between(Texture(0, 0), Texture(right, down), levels: 3);
        Assert.Equal(right, Inside(x), 0.15);
        Assert.Equal(down, Inside(y), 0.15);
    }

    [Fact]
    public void Nothing_moves_in_equal_or_flat_pictures()
    {
        Assert.Equal(0, OpticalFlow.MeanLength(Texture(0, 0), Texture(0, 0)), 1e-3);
        Assert.Equal(0, OpticalFlow.MeanLength(Flat(0), Flat(255)), 1e-3);
    }

    [Fact]
    public void A_square_that_jumps_at_known_times_has_its_peaks_there()
    {
        int[] jumps = [10, 17, 25];
        var motion = new List<double>();
        for (var frame = 1; frame < 30; frame++)
            motion.Add(OpticalFlow.MeanLength(Square(jumps.Count(j => j <= frame - 1)), Square(jumps.Count(j => j <= frame))));
        Assert.Equal(jumps.Select(j => j / 25.0), AudioVideoAlignment.MotionPeaks([motion[0], .. motion], 25));
    }

    static GreyPicture Texture(int right, int down) => Picture((x, y) =>
        127 + 60 * Math.Sin(0.35 * (x - right)) * Math.Cos(0.27 * (y - down)) + 50 * Math.Sin(0.21 * (x - right) + 0.4 * (y - down)));

    static GreyPicture Square(int jumps) => Picture((x, y) => x - 3 * jumps is >= 20 and < 60 && y is >= 30 and < 70 ? 200 : 20);

    static GreyPicture Flat(double grey) => Picture((_, _) => grey);

    static GreyPicture Picture(Func<int, int, double> grey) =>
        new([.. Enumerable.Range(0, Side * Side).Select(i => (float)grey(i % Side, i / Side))], Side, Side);

    static double Inside(GreyPicture picture) =>
        Enumerable.Range(24, 48).SelectMany(y => Enumerable.Range(24, 48).Select(x => (double)picture.At(x, y))).Average();
}
