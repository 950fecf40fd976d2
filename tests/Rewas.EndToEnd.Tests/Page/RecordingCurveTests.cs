using System.Runtime.InteropServices;
using Rewas.Clip;
using Rewas.Sound.Curves;

namespace Rewas.EndToEnd.Tests.Page;

/// <summary>The curve of a recording that the browser computes is the one that the platform measures.</summary>
public sealed class RecordingCurveTests
{
    [Theory]
    [InlineData("metal-1.ogg")]
    [InlineData("snow-1.ogg")]
    public async Task The_curve_of_a_recording_is_that_of_the_server(string name)
    {
        var recording = Path.Combine(Programs.RepositoryRoot, "docs", "reference-sounds", name);
        Assert.SkipWhen(!File.Exists(recording), $"{name} is not there");
        using var served = await ServedStudio.StartAsync();
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        await studio.SendFilmAsync(Programs.Sample);
        await studio.Page.SetInputFilesAsync("rewas-energy-tools input[type=file]", recording);
        await studio.UntilAsync("studio.energy.comparison !== null");
        float[] shown = [.. (await studio.AskAsync("studio.energy.comparison.values")).EnumerateArray().Select(value => value.GetSingle())];
        var samples = MemoryMarshal.Cast<byte, float>(
            ClipFolder.Run("-i", "file:" + recording, "-ac", "1", "-ar", "16000", "-f", "f32le", "-")).ToArray();
        var timing = new ClipTiming { TokenLayout = TokenLayout.TrueTimes, SegmentStride = 16, SegmentsPerWindow = 8 };
        var expected = RecordingEnergy.Of(samples, timing);
        // The browser and ffmpeg resample in their own ways, which shows in silence most.
        var count = Math.Min(expected.Count, shown.Length);
        var away = Enumerable.Range(0, count).Select(i => Math.Abs(shown[i] - expected[i]) / EnergyScale.PerDecibel).Order().ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"median {away[count / 2]:0.00} dB, 95 % {away[count * 95 / 100]:0.00} dB, most {away[^1]:0.00} dB");
        Assert.True(away[count / 2] < 0.5, $"median {away[count / 2]:0.00} dB");
        Assert.True(away[count * 95 / 100] < 2, $"95 % {away[count * 95 / 100]:0.00} dB");
        Assert.True(Rewas.Sound.Correlation.Pearson(shown.AsSpan(0, count), expected.Values[..count]) > 0.995);
    }
}
