using Rewas.Clip.Faults;
using Rewas.Sound.Curves;

namespace Rewas.Tests.Sound.Curves;

/// <summary>What the largest accepted edits cost.</summary>
public sealed class EditCostTests
{
    /// <summary>The longest curve, two hours.</summary>
    static readonly EnergyCurve Longest = EnergyCurve.Of(
        [.. Enumerable.Range(0, EnergyCurve.MaximumValues).Select(i => -6 + 3 * MathF.Sin(i * 0.01f))]);

    public static TheoryData<CurveEdit> Edits() =>
    [
        new SoftenEdit(null, 10), new SoftenEdit(null, 0.01), new SharpenEdit(null, 1), new GainEdit(null, -1), new StretchEdit(null, 1.01),
        new ShiftEdit(null, 1), new StrengthEdit(null, 0.9), new EventEdit(1, -60, 30), new FadeEdit(new(0, 7200), Out: true),
        new BlendEdit(null, 0.5, Longest, "other"), new DrawEdit([new(0, -60), new(7199, -20)]), new RemoveEventEdit(1.56),
    ];

    [Theory]
    [MemberData(nameof(Edits), DisableDiscoveryEnumeration = true)]
    public void One_edit_of_the_longest_curve_costs_less_than_a_second(CurveEdit edit)
    {
        Longest.Apply(edit);                                                 // compiled
        var (cost, failure) = Cost.Of(() => Longest.Apply(edit));
        Assert.True(failure is null or InputFault, $"{failure}");
        Assert.InRange(cost.ProcessorTime, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(cost.AllocatedBytes, 0, 64L << 20);
    }

    [Fact]
    public void More_edits_than_a_hundred_are_refused_before_any_is_read()
    {
        var edits = Enumerable.Range(0, 85_000).Select(_ => new SoftenEdit(null, 10).ToMessage()).ToList();
        var (cost, failure) = Cost.Of(() => edits.ToEdits());
        Assert.Equal("edits: at most 100 are accepted, but there are 85000", Assert.IsType<InputFault>(failure).Message);
        Assert.InRange(cost.AllocatedBytes, 0, 1 << 20);
        Assert.Equal(
            FaultKind.Exhausted, Assert.Throws<InputFault>(() => Longest.Apply([.. Enumerable.Repeat(new GainEdit(null, 0), 101)])).Kind);
        Assert.Equal(100, edits[..100].ToEdits().Count);
    }

    [Fact]
    public void Edits_stop_when_they_are_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelling = new CancellingEdit(cancellation);
        Assert.Throws<OperationCanceledException>(() => Longest.Apply([cancelling, new NeverEdit()], cancellation.Token));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Softening_is_the_Gaussian_mean_also_at_the_ends(double width)
    {
        var random = new Random(7);
        var curve = EnergyCurve.Of([.. Enumerable.Range(0, 1500).Select(_ => EnergyScale.OfNormalised(random.NextDouble()))]);
        var (soft, deviation) = (curve.Apply(new SoftenEdit(null, width)), width * 100 / 2);
        for (var i = 0; i < curve.Count; i++)
        {
            double sum = 0, weights = 0;
            for (var k = 0; k < curve.Count; k++)
            {
                var weight = Math.Exp(-0.5 * (k - i) * (k - i) / (deviation * deviation));
                (sum, weights) = (sum + weight * curve[k], weights + weight);
            }
            Assert.Equal(sum / weights, soft[i], 2e-4);
        }
    }

    /// <summary>Arithmetic with subnormal numbers is many times slower.</summary>
    [Fact]
    public void A_running_sum_over_zeros_ends_before_it_is_subnormal()
    {
        var (real, imaginary) = (1.0, 0.0);
        for (var steps = 0; (real, imaginary) != (0, 0); steps++)
        {
            (real, imaginary) = GaussianMean.Decayed(real, imaginary, 0.9, 0.3);
            Assert.False(double.IsSubnormal(real) || double.IsSubnormal(imaginary), $"({real}, {imaginary}) after {steps} steps");
            Assert.InRange(steps, 0, 20_000);
        }
    }

    [Fact]
    public void A_message_with_countless_faults_is_answered_in_a_short_line()
    {
        var points = Enumerable.Range(0, 1000).Select(i => new CurvePoint(-i, 1000)).ToList();
        var fault = Assert.Throws<InputFault>(() => SampleCurves.TwoImpacts().Apply([.. Enumerable.Repeat(new DrawEdit(points), 100)]));
        Assert.InRange(fault.Message.Length, 1, InputFault.LongestMessage);
        Assert.EndsWith("; and more", fault.Message, StringComparison.Ordinal);
        Assert.InRange(InputFault.Invalid("prompt", new string('x', 4 << 20)).Message.Length, 1, InputFault.LongestMessage);
    }

    /// <summary>Cancels while it is applied.</summary>
    sealed record CancellingEdit(CancellationTokenSource Cancellation) : CurveEdit
    {
        public override string Name => "cancelling";

        public override string Argument => "";

        public override IEnumerable<InputFault> Faults(int count) => [];

        protected override void Change(Span<float> values) => Cancellation.Cancel();
    }

    sealed record NeverEdit : CurveEdit
    {
        public override string Name => "never";

        public override string Argument => "";

        public override IEnumerable<InputFault> Faults(int count) => [];

        protected override void Change(Span<float> values) => throw new InvalidOperationException("this edit follows the cancellation");
    }
}
