using System.Runtime.InteropServices;
using Rewas.Client;
using Rewas.Rendering;
using Rewas.Rendering.References;
using Rewas.Rendering.Stereo;
using Rewas.Sound.Curves;
using Rewas.Tests.Rendering.References;
using Rewas.V1;
using Rewas.Video;
using ClipTiming = Rewas.Clip.ClipTiming;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Tests.Rendering.Stereo;

/// <summary>Whole files, made of placed recordings, which need no network.</summary>
public sealed class StereoSoundTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    const int SampleRate = 48_000;

    [Fact]
    public async Task A_wide_sound_has_the_mono_sound_as_its_sum()
    {
        var mono = await MakeAsync("mono", new() { Channels = 2 }, recordedChannels: 1);
        var wide = await MakeAsync("wide", new() { Width = 1 }, recordedChannels: 1);
        Assert.Equal(mono.Left, mono.Right);
        Assert.Equal(mono.Left.Length, wide.Left.Length);
        Assert.All(mono.Left.Zip(Sum(wide)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.InRange(Correlation(wide.Left, wide.Right), 0.5, 0.8);
    }

    [Theory]
    [InlineData(-23.0)]
    [InlineData(-8.0)]                                                       // limited
    public async Task The_mono_sum_of_noise_loses_at_most_1_dB_at_a_given_loudness(double loudness)
    {
        var mono = await MakeAsync($"mono{loudness}", new() { Channels = 2, Loudness = loudness }, recordedChannels: 1);
        var wide = await MakeAsync($"wide{loudness}", new() { Width = 1, Loudness = loudness }, recordedChannels: 1);
        Assert.InRange(20 * Math.Log10(Rms(Sum(wide)) / Rms(mono.Left)), -1, 0);
        Assert.InRange(Correlation(wide.Left, wide.Right), 0.5, 0.8);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Sound_follows_the_ball_from_left_to_right(double width)
    {
        var (left, right) = await MakeAsync($"ball-{width}", new() { Pan = "picture", Width = width }, recordedChannels: 1);
        var before = -100.0;
        for (var part = 0; part < 8; part++)
        {
            var at = (part * SampleRate / 2)..((part + 1) * SampleRate / 2);
            var difference = 20 * Math.Log10(Rms(right[at]) / Rms(left[at]));
            Assert.True(difference > before, $"part {part}: {difference:0.0} dB after {before:0.0} dB");
            if (part == 0)
                Assert.True(difference < -2, $"{difference:0.0} dB");
            before = difference;
        }
        Assert.True(before > 2, $"{before:0.0} dB");
        if (width > 0)
            Assert.InRange(Correlation(left, right), 0.2, 0.8);
    }

    [Fact]
    public async Task A_place_is_a_balance_of_recordings_in_stereo_and_a_width_leaves_them_alone()
    {
        var own = await MakeAsync("own", new() { SampleRate = SampleRate }, recordedChannels: 2);
        var wide = await MakeAsync("own-wide", new() { SampleRate = SampleRate, Width = 1 }, recordedChannels: 2);
        Assert.Equal(own.Left, wide.Left);
        Assert.Equal(own.Right, wide.Right);
        var placed = await MakeAsync("own-placed", new() { SampleRate = SampleRate, Pan = "0.5" }, recordedChannels: 2);
        Assert.Equal(0.5412, Rms(placed.Left) / Rms(own.Left), 0.001);
        Assert.Equal(1.3066, Rms(placed.Right) / Rms(own.Right), 0.001);
        Assert.Equal(Correlation(own.Left, own.Right), Correlation(placed.Left, placed.Right), 0.001);
    }

    [Fact]
    public async Task The_stem_is_the_mix_with_its_width_and_place()
    {
        var mix = await MakeAsync("stems", new() { Pan = "picture", Width = 0.6 }, recordedChannels: 1, stems: true);
        var stem = Samples(clips.Path("stems.primary.wav"));
        Assert.All(mix.Left.Zip(stem.Left), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.All(mix.Right.Zip(stem.Right), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public async Task What_surrounds_the_picture_stays_in_the_centre()
    {
        var wave = Rewas.Tests.Sound.Sounds.Noise(ClipTiming.SampleRate, 0.2);
        var layer = new RawSound(clips.Path("environment.f32"), ClipTiming.SampleRate, 1);
        await File.WriteAllBytesAsync(layer.Path, MemoryMarshal.AsBytes(wave.AsSpan()).ToArray(), TestContext.Current.CancellationToken);
        var image = new StereoImage(width: 0, PanCurve.Fixed(1), clips.Root);
        Assert.Same(layer, await image.OfAsync(layer, isPlaced: false, TestContext.Current.CancellationToken));
        var wide = await new StereoImage(width: 1, PanCurve.Fixed(1), clips.Root)
            .OfAsync(layer, isPlaced: false, TestContext.Current.CancellationToken);
        var stereo = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(wide.Path, TestContext.Current.CancellationToken))
            .ToArray();
        Assert.Equal((2 * wave.Length, 2), (stereo.Length, wide.Channels));
        for (var i = 0; i < wave.Length; i++)
            Assert.Equal(wave[i], (stereo[2 * i] + stereo[2 * i + 1]) / 2, 1e-6);
    }

    /// <summary>Noise under even energy, and a square that crosses the picture in 4 s.</summary>
    async Task<(float[] Left, float[] Right)> MakeAsync(string name, StudioFinish finish, int recordedChannels, bool stems = false)
    {
        var video = clips.Make(
            "ball.mp4",
            "color=c=gray:s=320x180:r=25:d=4[b];color=c=red:s=30x30:r=25:d=4[o];[b][o]overlay=x=5+71*t:y=90",
            "-c:v", "libx264", "-pix_fmt", "yuv420p");
        var recording = clips.Path($"noise-{recordedChannels}.wav");
        await File.WriteAllBytesAsync(
            recording, Wav24.Of(SampleRate, recordedChannels, Wav24.Noise(3, 5 * SampleRate * recordedChannels)),
            TestContext.Current.CancellationToken);
        var facts = await VideoProbe.ReadAsync(video, new(), TestContext.Current.CancellationToken);
        var level = new float[KnownEnergy.CountFor(ClipTiming.SamplesIn(facts.Duration))];
        Array.Fill(level, -3);
        var order = new SoundOrder
        {
            Options = new() { Prompt = "noise", Seed = 4 },
            References = new() { Recordings = { new ReferenceSound { Name = Path.GetFileName(recording), Path = recording } } },
            Curve = EnergyCurve.Of(level).ToMessage(),
            Finish = finish,
        };
        var maker = new SoundMaker(null, () => throw new InvalidOperationException("one sound is not ranked"), ReferenceFiles.OfUser);
        await maker.MakeFileAsync(
            order, new(video, facts), new(clips.Path($"{name}.wav")) { Stems = stems }, new(), null, TestContext.Current.CancellationToken);
        return Samples(clips.Path($"{name}.wav"));
    }

    static (float[] Left, float[] Right) Samples(string path)
    {
        var both = MemoryMarshal.Cast<byte, float>(ClipFolder.Run("-i", "file:" + path, "-f", "f32le", "-ac", "2", "-")).ToArray();
        return ([.. both.Where((_, i) => i % 2 == 0)], [.. both.Where((_, i) => i % 2 == 1)]);
    }

    static float[] Sum((float[] Left, float[] Right) sound) => [.. sound.Left.Zip(sound.Right, (left, right) => (left + right) / 2)];

    static double Rms(float[] sound) => Math.Sqrt(sound.Average(sample => (double)sample * sample));

    static double Correlation(float[] left, float[] right) =>
        left.Zip(right, (l, r) => (double)l * r).Average() / (Rms(left) * Rms(right));
}
