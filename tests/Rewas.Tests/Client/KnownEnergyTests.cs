using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Sound.Curves;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Tests.Client;

public sealed class KnownEnergyTests
{
    [Fact]
    public async Task A_known_curve_is_rendered_without_reading_the_video()
    {
        var doubles = new StageDoubles { Windows = 2 };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);
        var sound = new List<float>();
        var curve = Ramp(KnownEnergy.CountFor(doubles.Samples));

        var result = await client.GenerateAsync(SoundRequests.With(sound) with { Energy = Known(doubles, curve), Video = NoVideo });

        Assert.Equal(doubles.Samples, sound.Count);
        Assert.Equal(curve.Values, result.Energy.ToArray());
        Assert.Equal((0, 2), ((int)doubles.BytesUploaded, doubles.Calls));
        Assert.Equal(["AudioDiffusion", "Vocoder"], result.Summaries.Select(summary => summary.Stage));
        // After the video's end the last value continues.
        Assert.Equal([.. curve.Values[..512]], doubles.EnergySeen.ElementAt(0));
        Assert.Equal(curve[^1], doubles.EnergySeen.ElementAt(1)[^1]);
    }

    [Fact]
    public async Task Edits_act_on_the_energy_of_the_whole_video()
    {
        var doubles = new StageDoubles { Windows = 2 };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);

        var result =
            await client.GenerateAsync(SoundRequests.With([]) with { Edits = [new GainEdit(new(5, 6), -20), new MuteEdit(new(1, 2))] });

        Assert.Equal(0, result.PredictedEnergy[150]);
        Assert.Equal(Rewas.Sound.Curves.EnergyScale.Silence, result.Energy[150]);
        Assert.Equal(result.Energy.Take(512), doubles.EnergySeen.ElementAt(0));
        Assert.Equal(-1 - 20 * Math.Log(10) / 20, doubles.EnergySeen.ElementAt(1)[0], 1e-4);
    }

    [Fact]
    public async Task A_known_curve_gives_the_stages_the_same_as_the_predicted_one()
    {
        var doubles = new StageDoubles { Windows = 2 };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);

        var predicted = await client.GenerateAsync(SoundRequests.With([]));
        await client.GenerateAsync(SoundRequests.With([]) with { Energy = new(EnergyCurve.Of([.. predicted.Energy]), predicted.Video) });

        Assert.Equal(doubles.EnergySeen.ElementAt(0), doubles.EnergySeen.ElementAt(2));
        Assert.Equal(doubles.EnergySeen.ElementAt(1), doubles.EnergySeen.ElementAt(3));
    }

    [Fact]
    public async Task An_edit_that_does_not_fit_is_told_as_soon_as_the_video_is_known()
    {
        var doubles = new StageDoubles { Windows = 2, BeforeSegments = (_, stop) => Task.Delay(Timeout.Infinite, stop) };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);

        var fault = await Assert.ThrowsAsync<InputFault>(
            () => client.GenerateAsync(SoundRequests.With([]) with { Edits = [new MuteEdit(new(10, 12))] }));

        Assert.Equal("mute: must lie inside the curve, 0 to 10.18 s, but 10s..12s does not", fault.Message);
    }

    [Fact]
    public async Task A_curve_of_another_length_is_refused()
    {
        var doubles = new StageDoubles { Windows = 1 };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);

        var fault = await Assert.ThrowsAsync<InputFault>(
            () => client.GenerateAsync(SoundRequests.With([]) with { Energy = Known(doubles, Ramp(600)) }));

        Assert.Equal("curve: must last as long as the video, 506 values (5.06 s), but has 600 (6.00 s)", fault.Message);
    }

    static VideoSource NoVideo => new("none.mp4", null, _ => throw new InvalidOperationException("the video is read"));

    static KnownEnergy Known(StageDoubles doubles, EnergyCurve curve) =>
        new(curve, new() { AudioSamples = doubles.Samples, Windows = doubles.Windows, Duration = new() });

    static EnergyCurve Ramp(int count) => EnergyCurve.Of([.. Enumerable.Range(0, count).Select(i => -11 + 10f * i / count)]);
}
