using Rewas.SoundStudio;

namespace Rewas.Tests.Services;

/// <summary>The arithmetic of estimates. No test measures time.</summary>
public sealed class RenderTimesTests
{
    static readonly double[] Usual = [.. RenderWork.Parts.Select(part => part.Seconds)];

    [Fact]
    public void Nothing_is_expected_before_the_first_render() => Assert.Null(new RenderTimes().Expect(Work(windows: 1, steps: 40)));

    [Fact]
    public void One_render_teaches_how_fast_the_machine_is()
    {
        var times = new RenderTimes();
        times.Learn(Work(windows: 1, steps: 40), Seconds(3 * Of(Work(windows: 1, steps: 40))));
        foreach (var work in (RenderWork[])[Work(windows: 4, steps: 160), Work(windows: 1, steps: 400), Work(windows: 0, steps: 0)])
            Assert.Equal(3 * Of(work), times.Expect(work)!.Value.TotalSeconds, 0.01 * Of(work));
    }

    [Fact]
    public void Renders_teach_the_time_of_each_part()
    {
        // Steps take ten times as long as usual on this machine, the rest twice as long.
        var machine = Usual.Select((seconds, part) => seconds * (RenderWork.Parts[part].Name == "steps" ? 10 : 2)).ToArray();
        var times = new RenderTimes();
        for (var i = 0; i < 30; i++)
        {
            var work = Work(windows: 1 + i % 3, steps: (1 + i % 3) * (i % 2 == 0 ? 40 : 200));
            times.Learn(work, Seconds(Of(work, machine)));
        }
        foreach (var work in (RenderWork[])[Work(windows: 2, steps: 2000), Work(windows: 12, steps: 480), Work(windows: 1, steps: 8)])
            Assert.InRange(times.Expect(work)!.Value.TotalSeconds / Of(work, machine), 0.75, 1.25);
    }

    [Fact]
    public void A_first_render_that_loads_the_networks_spoils_nothing()
    {
        var times = new RenderTimes();
        times.Learn(Work(windows: 1, steps: 40), Seconds(20));
        for (var i = 0; i < 4; i++)
            times.Learn(Work(windows: 1 + i, steps: 40 + 40 * i), Seconds(Of(Work(windows: 1 + i, steps: 40 + 40 * i))));
        var next = Work(windows: 2, steps: 80);
        Assert.InRange(times.Expect(next)!.Value.TotalSeconds / Of(next), 0.8, 1.2);
    }

    [Fact]
    public void A_machine_that_becomes_slower_is_noticed()
    {
        var times = new RenderTimes();
        var work = Work(windows: 2, steps: 80);
        for (var i = 0; i < 20; i++)
            times.Learn(work, Seconds(1));
        for (var i = 0; i < 20; i++)
            times.Learn(work, Seconds(4));
        Assert.InRange(times.Expect(work)!.Value.TotalSeconds, 3, 4.1);
    }

    [Fact]
    public void Renders_at_the_same_time_are_charged_with_their_own_work_alone()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var fair = new FairTime(time);
        fair.Begin("first");
        time.Advance(Seconds(2));
        fair.Begin("second");
        time.Advance(Seconds(3));
        var hindrance = fair.Hindrance;
        Assert.Equal(2 + 3 / (1 + hindrance), fair.Of("first").TotalSeconds, 1e-6);
        Assert.Equal(3 / (1 + hindrance), fair.Of("second").TotalSeconds, 1e-6);
        Assert.Equal(TimeSpan.Zero, fair.Of("unknown"));

        // Had each taken its own time alone, they would not hold each other up.
        for (var i = 0; i < 30; i++)
            fair.Learn("first", Seconds(5));
        Assert.Equal(0, fair.Hindrance, 1e-3);
        for (var i = 0; i < 30; i++)
            fair.Learn("second", Seconds(1.5));
        Assert.Equal(1, fair.Hindrance, 1e-3);
        fair.End("second");
        time.Advance(Seconds(1));
        Assert.Equal(2 + 3 / (1 + fair.Hindrance) + 1, fair.Of("first").TotalSeconds, 1e-3);
    }

    static RenderWork Work(double windows, double steps) => new([1, 0, 0, 0, windows, steps, 0, 0]);

    static double Of(RenderWork work) => Of(work, Usual);

    static double Of(RenderWork work, double[] seconds) => work.Amounts.Zip(seconds, (amount, unit) => amount * unit).Sum();

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
