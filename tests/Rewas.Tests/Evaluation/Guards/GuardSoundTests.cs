using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Evaluation.Guards;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Tests.Evaluation.Guards;

/// <summary>What a guard learns from, and what it is measured on, share nothing.</summary>
public sealed class GuardSoundTests
{
    static readonly GuardSide[] Sides = Enum.GetValues<GuardSide>();

    [Fact]
    public void Voices_and_instruments_are_divided_without_sharing_one()
    {
        var voices = Sides.Select(side => new SpokenVoices(side).Names).ToList();
        Assert.All(voices, names => Assert.NotEmpty(names));
        Assert.Empty(voices[0].Intersect(voices[2]).Concat(voices[1].Intersect(voices[2])));
        Assert.Empty(voices[0].Select(Language).Intersect(voices[2].Select(Language)));
        Assert.Empty(voices[0].Select(Variant).Intersect(voices[2].Select(Variant)));
        Assert.Equal(Enumerable.Range(0, 112), Sides.SelectMany(MusicPiece.ProgramsOf).Order());

        static string Language(string voice) => voice.Split('+')[0];
        static string Variant(string voice) => voice.Split('+')[1];
    }

    [Fact]
    public void Takes_of_one_recording_lie_on_one_side_and_uncertain_labels_on_none()
    {
        var recordings = Enumerable.Range(0, 40).Select(i => (Label: "dog", Take: $"take {i / 2:00}"))
            .Append((Label: "crowd", Take: "a take")).ToList();
        var sides = GuardFoley.Divide(recordings, r => r.Label, r => r.Take);
        Assert.Equal(40, sides.Sum(side => side.Count()));
        Assert.All(Sides, side => Assert.NotEmpty(sides[side]));
        Assert.All(
            recordings.Take(40).GroupBy(r => r.Take), take => Assert.Single(Sides, side => sides[side].Any(r => r.Take == take.Key)));
    }

    [Theory]
    [InlineData(-18)]
    [InlineData(-12)]
    [InlineData(6)]
    public void A_voice_lies_under_the_Foley_by_the_asked_level(double decibels)
    {
        var (voice, foley) = (Tone(300, 0.2), Tone(2000, 0.5));
        var mixer = new GuardMixer(new([voice], [voice], [voice]), [new("a tone", foley)]);
        var found = 0;
        for (var seed = 0UL; seed < 40 && found < 3; seed++)
        {
            var wave = mixer.Mix(seed, speech: true, singing: false, music: false, decibels).Wave;
            var (low, high) = (Power(wave, 300), Power(wave, 2000));
            if (high < 1e-4)
                continue;                                                    // a scene instead of the recording
            // A tilted spectrum changes the relation of the two tones by some decibels.
            Assert.Equal(decibels, 10 * Math.Log10(low / high), 9.0);
            found++;
        }
        Assert.Equal(3, found);
    }

    [Fact]
    public void The_same_seed_gives_the_same_clip_and_a_clip_says_what_is_in_it()
    {
        var mixer = new GuardMixer(new([Tone(300, 0.2)], [Tone(400, 0.2)], [Tone(500, 0.2)]), [new("a tone", Tone(2000, 0.5))]);
        Assert.Equal(mixer.Mix(5).Wave, mixer.Mix(5).Wave);
        var clips = Enumerable.Range(0, 60).Select(i => mixer.Mix((ulong)i)).ToList();
        Assert.All(clips, clip => Assert.Equal(ClipTiming.SamplesPerWindow, clip.Wave.Length));
        foreach (var has in (Func<GuardClip, bool>[])[c => c.Speech, c => c.Singing, c => c.Music, c => !(c.Speech || c.Singing || c.Music)])
            Assert.InRange(clips.Count(has), 1, 40);
    }

    [Fact]
    public void A_clip_names_its_Foley_and_in_training_rare_labels_are_heard_as_well()
    {
        var foley = Enumerable.Range(0, 30).Select(i => new GuardRecording(i < 29 ? "rain" : "owl", Tone(2000, 0.5))).ToList();
        var mixer = new GuardMixer(new([Tone(300, 0.2)], [Tone(400, 0.2)], [Tone(500, 0.2)]), foley);
        var heard = Enumerable.Range(0, 200).Select(i => mixer.Mix((ulong)i)).SelectMany(clip => clip.Foley).ToList();
        Assert.InRange((double)heard.Count(label => label == "owl") / heard.Count(label => label is "owl" or "rain"), 0.15, 0.4);
        var alone = mixer.Mix(1, speech: true, singing: false, music: false, decibels: null);
        Assert.Empty(alone.Foley);
        Assert.Equal(["owl"], GuardMixer.Alone(foley[^1]).Foley);
    }

    [Fact]
    public void A_composed_piece_is_a_MIDI_file_whose_notes_all_end()
    {
        using var folder = PrivateFolder.Create();
        for (var seed = 0UL; seed < 30; seed++)
        {
            var midi = new MidiFile();
            MusicPiece.Compose(midi, 0, 6, new SceneRandom(seed), MusicPiece.ProgramsOf(GuardSide.HeldOut));
            var path = Path.Combine(folder.Path, "piece.mid");
            midi.Write(path, 8);
            var (sounding, seconds) = Read(File.ReadAllBytes(path));
            Assert.Empty(sounding);
            Assert.Equal(8, seconds, 0.01);
        }
    }

    /// <summary>Reads a file of one track: the notes that still sound at its end, and its length.</summary>
    static (HashSet<(int Channel, int Key)> Sounding, double Seconds) Read(byte[] file)
    {
        Assert.Equal("MThd"u8.ToArray(), file[..4]);
        Assert.Equal("MTrk"u8.ToArray(), file[14..18]);
        var (sounding, ticks, at) = (new HashSet<(int, int)>(), 0L, 22);
        while (true)
        {
            long delta = 0;
            byte part;
            do
                delta = delta << 7 | (uint)((part = file[at++]) & 0x7F);
            while (part >= 0x80);
            ticks += delta;
            var status = file[at++];
            if (status == 0xFF)
                return (sounding, ticks / 960.0);
            if ((status & 0xF0) == 0x90)
                sounding.Add((status & 0xF, file[at]));
            if ((status & 0xF0) == 0x80)
                sounding.Remove((status & 0xF, file[at]));
            at += (status & 0xF0) == 0xC0 ? 1 : 2;
        }
    }

    static short[] Tone(double hertz, double amplitude) =>
        [.. Enumerable.Range(0, GuardSounds.Samples).Select(i => (short)(32_767 * amplitude * Math.Sin(Math.Tau * hertz * i / 16_000)))];

    static double Power(float[] wave, double hertz)
    {
        var (real, imaginary) = (0.0, 0.0);
        for (var i = 0; i < wave.Length; i++)
        {
            real += wave[i] * Math.Cos(Math.Tau * hertz * i / 16_000);
            imaginary += wave[i] * Math.Sin(Math.Tau * hertz * i / 16_000);
        }
        return (real * real + imaginary * imaginary) / wave.Length / wave.Length;
    }
}
