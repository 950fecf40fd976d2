using Rewas.Clip;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;

namespace Rewas.Tests.Sound;

public class MelTests
{
    [Fact]
    public void Mel_filters_are_the_published_ones()
    {
        var basis = SlaneyMel.Basis(16_000, 1024, 64, 0, 8000);
        ReferenceFile.AssertAgrees("mel_basis.npy", basis, 1e-4);
    }

    [Fact]
    public void Log_mel_is_the_published_one()
    {
        var logMel = MelSpectrogram.LogMel(ReferenceFile.Read("mel_wav.npy").Floats.ToArray());
        ReferenceFile.AssertAgrees("mel_logmel.npy", logMel, 1e-4);
    }

    [Fact]
    public void Log_mel_of_the_audio_encoder_is_the_published_one()
    {
        var logMel = ClapMelSpectrogram.LogMel(FixtureSound.Wave48());
        Assert.Equal(1001 * 64, logMel.Length);
        ReferenceFile.AssertAgrees("clap_audio_logmel_slice.npy", logMel[..(64 * 64)], 1e-4);
    }

    [Theory]
    [InlineData(433, 2)]
    [InlineData(16_000, 100)]
    [InlineData(81_920, 512)]
    [InlineData(81_919, 511)]
    public void There_is_one_frame_a_whole_hop(int samples, int frames)
    {
        Assert.Equal(frames, MelSpectrogram.FramesIn(samples));
        Assert.Equal(frames * 64, MelSpectrogram.LogMel(new float[samples]).Length);
    }

    [Fact]
    public void A_frame_does_not_depend_on_how_many_follow_it()
    {
        var wave = Sounds.Sine(440, 16_000, 20_000);
        var whole = MelSpectrogram.LogMel(wave);
        var part = MelSpectrogram.LogMel(wave.AsSpan(0, 10_000));
        Assert.Equal(whole[..(58 * 64)], part[..(58 * 64)]);                 // frame 58 ends at 58 * 160 - 432 + 1024 = 9872
    }

    [Fact]
    public void Silence_is_the_floor()
    {
        Assert.All(MelSpectrogram.LogMel(new float[4096]), v => Assert.Equal(SilenceFloor.LogMel, v, 1e-5));
        Assert.All(ClapMelSpectrogram.LogMel(new float[4096]), v => Assert.Equal(-100, v, 1e-4));
    }

    [Fact]
    public void A_tone_is_loudest_in_the_bin_that_holds_its_frequency()
    {
        var logMel = MelSpectrogram.LogMel(Sounds.Sine(1000, 16_000, 16_000));
        var frame = logMel[(50 * 64)..(51 * 64)];
        var basis = SlaneyMel.Basis(16_000, 1024, 64, 0, 8000);
        var expected = Enumerable.Range(0, 64).MaxBy(mel => basis[mel * 513 + 64]);    // 1000 Hz is spectrum bin 64
        Assert.Equal(expected, Array.IndexOf(frame, frame.Max()));
    }

    [Fact]
    public void Too_short_a_waveform_is_refused() =>
        Assert.Throws<ArgumentException>(() => MelSpectrogram.LogMel(new float[432]));

    [Fact]
    public void A_waveform_is_brought_to_mean_zero_and_peak_one_half()
    {
        float[] wave = [3, 5, 3, 5, 9];
        Loudness.NormaliseForTraining(wave);
        Assert.Equal(0, wave.Sum(), 1e-6);
        Assert.Equal(0.5f, wave.Max(MathF.Abs), 1e-6);

        var silence = new float[8];
        Loudness.NormaliseForTraining(silence);
        Assert.All(silence, v => Assert.Equal(0, v));
    }
}
