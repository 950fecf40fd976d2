using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Rendering.Delivery;
using Rewas.Rendering.Finishing;
using Rewas.Tests.Rendering.Delivery;
using Rewas.Video;

namespace Rewas.Tests.Rendering;

/// <summary>Judged by ffmpeg's ebur128 and not by our own meter.</summary>
public sealed partial class SoundFinisherTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static readonly VideoLimits Limits = new();

    public static TheoryData<string, double, int, int> Targets() => new()
    {
        { "hits", -16, 2, 48_000 },
        { "noise", -14, 2, 48_000 },
        { "speech-like", -14, 1, 44_100 },
        { "faint", -23, 1, 48_000 },
        { "loud", -30, 1, 16_000 },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task The_loudness_is_within_half_a_unit_and_the_true_peak_below_1_dB(string kind, double target, int channels, int rate)
    {
        var (video, facts) = await VideoAsync("target.mp4");
        var options = new V1.StudioFinish { Loudness = target, Channels = channels, SampleRate = rate };
        var (wave, coded) = (
            await FinishAsync(Wave(kind, facts), video, facts, options),
            await FinishAsync(Wave(kind, facts), video, facts, options, codecHeadroom: 1));
        foreach (var ending in new[] { ".wav", ".flac", ".mp4", ".mkv", ".mov" })
        {
            var output = clips.Path($"{kind}{target}{ending}");
            await (
                SoundExport.IsName(output)
                    ? DeliveredSound.WriteAsync(
                        wave.Sound, DeliveryFormat.Of(new() { Options = new() }, output), SampleNotes.Of("rain"), output)
                    : Muxer.MuxAsync(video, facts, coded.Sound, output));
            var (loudness, peak) = Ebur128(output);
            Assert.True(Math.Abs(loudness - target) <= 0.5, $"{output}: {loudness} LUFS");
            Assert.True(peak <= -1, $"{output}: {peak} dBTP");
        }
        Assert.Equal(target, wave.Report.Loudness!.Value, 0.1);
    }

    [Fact]
    public async Task A_loudness_that_the_ceiling_forbids_is_refused()
    {
        var (video, facts) = await VideoAsync("forbidden.mp4");
        var fault = await Assert.ThrowsAsync<InputFault>(
            () => FinishAsync(Wave("clicks", facts), video, facts, new() { Loudness = -5, TruePeak = -9 }));
        Assert.StartsWith(
            "loudness: -5 LUFS cannot be reached with a true peak of at most -9 dBTP: the limiter reaches ",
            fault.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(48_000, 1)]
    [InlineData(44_100, 2)]
    [InlineData(16_000, 1)]
    public async Task The_sound_is_as_long_as_the_picture_to_the_sample(int rate, int channels)
    {
        var video = clips.Make($"odd{rate}.mp4", "testsrc2=size=64x64:rate=30000/1001:duration=1.37", "-c:v", "libx264");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        var finished = await FinishAsync(Wave("hits", facts), video, facts, new() { SampleRate = rate, Channels = channels });
        Assert.Equal((long)Math.Round(facts.Duration.TotalSeconds * rate), finished.Frames);
        Assert.Equal(finished.Frames * channels * sizeof(float), new FileInfo(finished.Sound.Path).Length);
        await DeliveredSound.WriteAsync(
            finished.Sound, DeliveryFormat.Of(new() { Options = new() }, "odd.flac"), SampleNotes.Of("rain"), clips.Path("odd.flac"));
        Assert.Equal(
            finished.Frames, ClipFolder.Run("-i", "file:" + clips.Path("odd.flac"), "-f", "f32le", "-").Length / sizeof(float) / channels);
    }

    [Fact]
    public async Task Options_that_are_not_given_change_nothing()
    {
        var (video, facts) = await VideoAsync("plain.mp4");
        var wave = Wave("speech-like", facts);
        var finished = await FinishAsync(wave, video, facts, new() { SampleRate = ClipTiming.SampleRate });
        Assert.Equal(wave, Samples(finished));
        Assert.Equal((0, false), (finished.Report.GainDecibels, finished.Report.Limited));
    }

    [Fact]
    public async Task Fades_begin_and_end_in_silence()
    {
        var (video, facts) = await VideoAsync("fades.mp4");
        var samples = Samples(await FinishAsync(Wave("loud", facts), video, facts, new() { FadeSeconds = 0.1, SampleRate = 48_000 }));
        Assert.Equal((0, 0), (samples[0], samples[^1]));
        Assert.InRange(Rms(samples[1_000..2_000]), 0, 0.5 * Rms(samples[6_000..7_000]));
        Assert.InRange(Rms(samples[^2_000..^1_000]), 0, 0.5 * Rms(samples[^7_000..^6_000]));
    }

    [Fact]
    public async Task The_videos_own_sound_is_replaced_kept_or_ducked()
    {
        var video = clips.Make(
            "sounding.mkv",
            "testsrc2=size=64x64:rate=25:duration=4",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=500:duration=4,volume=0dB",
            "-c:v",
            "libx264",
            "-c:a",
            "flac");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        var wave = Wave("silent", facts);
        // from 2 s to 3 s
        Rewas.Tests.Sound.Sounds.Sine(3_000, ClipTiming.SampleRate, ClipTiming.SampleRate, 0.3).CopyTo(wave, 2 * ClipTiming.SampleRate);

        var levels = new Dictionary<V1.OriginalSoundChoice, (double Alone, double Together)>();
        foreach (var original in Enum.GetValues<V1.OriginalSoundChoice>())
        {
            var samples = Samples(await FinishAsync(wave, video, facts, new() { Original = original }));
            levels[original] = (Rms(At500(samples[48_000..72_000])), Rms(At500(samples[120_000..144_000])));
        }
        Assert.Equal(0, levels[V1.OriginalSoundChoice.Replace].Alone, 1e-3);
        Assert.Equal(0.125 / Math.Sqrt(2), levels[V1.OriginalSoundChoice.Keep].Alone, 0.005);
        Assert.Equal(levels[V1.OriginalSoundChoice.Keep].Alone, levels[V1.OriginalSoundChoice.Keep].Together, 0.005);
        Assert.Equal(levels[V1.OriginalSoundChoice.Keep].Alone, levels[V1.OriginalSoundChoice.Duck].Alone, 0.01);
        Assert.InRange(
            levels[V1.OriginalSoundChoice.Duck].Together,
            0.02 * levels[V1.OriginalSoundChoice.Keep].Alone,
            0.4 * levels[V1.OriginalSoundChoice.Keep].Alone);
    }

    [Fact]
    public async Task The_videos_own_sound_stays_in_time_with_a_picture_that_begins_later()
    {
        // The sound begins at 0 and the picture at 0.52 s. A click in the sound at 1.02 s is 0.5 s into the picture.
        var video = clips.Make(
            "late-picture.mkv",
            "aevalsrc='if(between(t,1.02,1.03),0.9,0)':d=2.5",
            "-itsoffset",
            "0.52",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=64x64:rate=25:duration=2",
            "-map",
            "0:a",
            "-map",
            "1:v",
            "-c:v",
            "libx264",
            "-c:a",
            "flac");
        var facts = await VideoProbe.ReadAsync(video, Limits);
        var samples = Samples(await FinishAsync(Wave("silent", facts), video, facts, new() { Original = V1.OriginalSoundChoice.Keep }));
        var first = Array.FindIndex(samples, sample => Math.Abs(sample) > 0.3);
        Assert.Equal(0.5, first / 48_000.0, 0.002);
    }

    [Fact]
    public async Task A_video_without_sound_has_nothing_to_keep()
    {
        var (video, facts) = await VideoAsync("mute.mp4");
        var wave = Wave("speech-like", facts);
        Assert.Equal(
            wave,
            Samples(
                await FinishAsync(
                    wave, video, facts, new() { Original = V1.OriginalSoundChoice.Keep, SampleRate = ClipTiming.SampleRate })));
    }

    [Fact]
    public async Task Layers_are_mixed_with_their_gains()
    {
        var (video, facts) = await VideoAsync("layers.mp4");
        var wave = Wave("speech-like", facts);
        using var folder = new TemporaryFolder();
        var sound = await RawAsync(wave, folder.Path);
        var finished = await SoundFinisher.FinishAsync(
            [(sound, 0), (sound, -20)], video, facts, new() { SampleRate = ClipTiming.SampleRate, TruePeak = -0.1 }, folder.Path);
        Assert.Equal(1.1 * wave[4_000], Samples(finished)[4_000], 1e-4);
    }

    [Fact]
    public async Task The_volume_is_added_to_the_new_sound_in_the_mix_and_in_its_stem()
    {
        var (video, facts) = await VideoAsync("volume.mp4");
        var wave = Wave("speech-like", facts);
        var quieter = new V1.StudioFinish { SampleRate = ClipTiming.SampleRate, Volume = -20 };
        Assert.Equal(0.1 * wave[4_000], Samples(await FinishAsync(wave, video, facts, quieter))[4_000], 1e-4);

        using var folder = new TemporaryFolder();
        var sound = await RawAsync(wave, folder.Path);
        var stem = await SoundFinisher.StemAsync((sound, 0), facts, quieter, folder.Path);
        var samples = await File.ReadAllBytesAsync(stem.Path, TestContext.Current.CancellationToken);
        Assert.Equal(0.1 * wave[4_000], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(samples)[4_000], 1e-4);
    }

    [Fact]
    public async Task Silence_stays_silence()
    {
        var (video, facts) = await VideoAsync("silence.mp4");
        var finished = await FinishAsync(Wave("silent", facts), video, facts, new() { Loudness = -16 });
        Assert.Equal((null, null), (finished.Report.Loudness, finished.Report.TruePeak));
        Assert.All(Samples(finished), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public async Task Every_option_out_of_range_is_told_at_once()
    {
        var (video, facts) = await VideoAsync("options.mp4");
        var fault = await Assert.ThrowsAsync<InputFault>(() => FinishAsync(Wave("hits", facts), video, facts, new()
        {
            Loudness = -4,
            TruePeak = 1,
            FadeSeconds = double.NaN,
            SampleRate = 22_050,
            Channels = 3,
        }));
        Assert.Equal(
            "loudness: must be from -50 to -5 LUFS, but is -4; true-peak: must be from -9 to -0.1 dBTP, but is 1; "
            + "fade: must be from 0 to 10 s, but is NaN; "
                + "sample-rate: must be one of 16000, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000, but is 22050; "
                + "channels: must be 1 or 2, but is 3",
            fault.Message);
    }

    async Task<(string Video, VideoFacts Facts)> VideoAsync(string name)
    {
        var video = clips.Make(name, "testsrc2=size=64x64:rate=25:duration=4", "-c:v", "libx264");
        return (video, await VideoProbe.ReadAsync(video, Limits));
    }

    async Task<FinishedSound> FinishAsync(float[] wave, string video, VideoFacts facts, V1.StudioFinish options, double codecHeadroom = 0)
    {
        var folder = Directory.CreateDirectory(clips.Path(Guid.NewGuid().ToString("N"))).FullName;      // deleted with the clips
        return await SoundFinisher.FinishAsync([(await RawAsync(wave, folder), 0)], video, facts, options, folder, codecHeadroom);
    }

    static async Task<RawSound> RawAsync(float[] wave, string folder)
    {
        var path = Path.Combine(folder, "wave.f32");
        await File.WriteAllBytesAsync(path, System.Runtime.InteropServices.MemoryMarshal.AsBytes(wave.AsSpan()).ToArray());
        return new(path, ClipTiming.SampleRate, 1);
    }

    static float[] Wave(string kind, VideoFacts facts)
    {
        var random = new Random(3);
        double Noise() => random.NextDouble() * 2 - 1;
        return [.. Enumerable.Range(0, (int)ClipTiming.SamplesIn(facts.Duration)).Select(n => (float)(kind switch
        {
            "hits" => 0.8 * Noise() * Math.Exp(-(n % 5_000) / 900.0),
            "clicks" => n % 8_000 == 0 ? 0.9 : 0,
            "noise" => 0.2 * Noise(),
            "faint" => 0.002 * Noise(),
            "loud" => 0.9 * Math.Sin(n * 0.21) * (0.8 + 0.2 * Noise()),
            "speech-like" =>
                0.3 * Noise() * Math.Pow(Math.Sin(n * 0.0008), 4) + 0.2 * Math.Sin(n * 0.08) * Math.Pow(Math.Sin(n * 0.0008), 2),
            _ => 0,
        }))];
    }

    static float[] Samples(FinishedSound finished) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(finished.Sound.Path)).ToArray();

    static double Rms(float[] samples) => Math.Sqrt(samples.Average(sample => (double)sample * sample));

    /// <summary>The part of a wave near 500 Hz: the sine that fits best.</summary>
    static float[] At500(float[] samples)
    {
        double sine = 0, cosine = 0;
        for (var n = 0; n < samples.Length; n++)
        {
            sine += samples[n] * Math.Sin(2 * Math.PI * 500 * n / 48_000) * 2 / samples.Length;
            cosine += samples[n] * Math.Cos(2 * Math.PI * 500 * n / 48_000) * 2 / samples.Length;
        }
        return [
            .. Enumerable.Range(0, samples.Length).Select(
                n => (float)(sine * Math.Sin(2 * Math.PI * 500 * n / 48_000) + cosine * Math.Cos(2 * Math.PI * 500 * n / 48_000))),
        ];
    }

    /// <summary>Integrated loudness and true peak, as ffmpeg measures them.</summary>
    static (double Loudness, double Peak) Ebur128(string path)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "ffmpeg",
            [
                "-nostdin",
                "-hide_banner",
                "-i",
                "file:" + path,
                "-map",
                "0:a:0",
                "-af",
                "ebur128=peak=true:framelog=verbose",
                "-f",
                "null",
                "-",
            ])
        { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (Number(Integrated()), Number(Peak()));

        double Number(Regex pattern) => double.Parse(pattern.Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"I:\s+(-?[\d.]+) LUFS", RegexOptions.RightToLeft)]
    private static partial Regex Integrated();

    [GeneratedRegex(@"Peak:\s+(-?[\d.]+) dBFS", RegexOptions.RightToLeft)]
    private static partial Regex Peak();
}
