using Rewas.Clip;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Guards;

/// <summary>A sound to be heard by a guard, and what is in it.</summary>
/// <param name="Wave">[81920], 16 kHz.</param>
/// <param name="Foley">Labels of the recordings and scenes in it, the loudest first.</param>
public sealed record GuardClip(float[] Wave, bool Speech, bool Singing, bool Music, IReadOnlyList<string> Foley);

/// <summary>
/// Mixes clips of 5.12 s for a guard: voices and music, alone or under Foley, and Foley alone. The same seed gives the same clip.
/// </summary>
/// <param name="sounds">Voices and music of one side.</param>
/// <param name="foley">Recordings of the same side.</param>
public sealed class GuardMixer(GuardSounds sounds, IReadOnlyList<GuardRecording> foley)
{
    /// <summary>Level of voices and music relative to the Foley in training, dB. Most are quiet: loud ones are soon learnt.</summary>
    const double Quietest = -18, Quiet = -6, Loudest = 6, QuietShare = 0.7;

    /// <summary>Share of Foley that is a procedural scene. The rest are recordings.</summary>
    const double SceneShare = 0.15;

    const double AloneShare = 0.15, EqualiserShare = 0.5, NoiseShare = 0.3;

    /// <summary>Share of training Foley whose label is drawn first, so that a label of few recordings is heard too.</summary>
    const double LabelShare = 0.5;

    /// <summary>
    /// Share of training sounds that are played at another speed, and by how much. A voice has six seconds, and 5.12 of them are needed.
    /// </summary>
    const double SpeedShare = 0.6, SlowestFoley = 0.7, FastestFoley = 1.4, SlowestVoice = 0.8, FastestVoice = 1.17;

    /// <summary>A level is that of the frames that sound: those within this many dB of the loudest.</summary>
    const double SoundingDecibels = 30;
    const int Frame = 320;

    readonly GuardRecording[][] labels = [.. foley.GroupBy(recording => recording.Label).Select(label => label.ToArray())];

    /// <summary>A clip for training: a third without voice or music.</summary>
    public GuardClip Mix(ulong seed)
    {
        var random = new SceneRandom(seed).Fork("guard");
        var kind = random.Unit();
        var (speech, singing, music) = (kind is >= 0.36 and < 0.70 or >= 0.95, kind is >= 0.70 and < 0.79, kind >= 0.79);
        double? level = random.Chance(AloneShare) ? null
            : random.Chance(QuietShare) ? random.Between(Quietest, Quiet) : random.Between(Quiet, Loudest);
        return Mix(random, speech, singing, music, level, isTraining: true);
    }

    /// <summary>A clip of chosen content.</summary>
    /// <param name="decibels">Level relative to the Foley; null for no Foley. Without voice and music there is always Foley.</param>
    public GuardClip Mix(ulong seed, bool speech, bool singing, bool music, double? decibels) =>
        Mix(new SceneRandom(seed).Fork("guard"), speech, singing, music, decibels, isTraining: false);

    /// <summary>One recording alone, from its start.</summary>
    public static GuardClip Alone(GuardRecording recording)
    {
        var wave = new float[ClipTiming.SamplesPerWindow];
        Place(wave, recording.Samples, 0, 0);
        return new(wave, false, false, false, [recording.Label]);
    }

    GuardClip Mix(SceneRandom random, bool speech, bool singing, bool music, double? decibels, bool isTraining)
    {
        var heardFoley = new List<string>();
        var heard = new float[ClipTiming.SamplesPerWindow];
        if (speech)
            Add(heard, Cut(sounds.Speech), 0);
        if (singing)
            Add(heard, Cut(sounds.Singing), 0);
        if (music)
            Add(heard, Cut(sounds.Music), speech || singing ? random.Between(-9, 3) : 0);
        var wave = heard;
        if (decibels is not null || !(speech || singing || music))
        {
            wave = Foley();
            if (random.Chance(0.3))
                Add(wave, Foley(), random.Between(-12, 0));
            if (decibels is { } level)
                Add(wave, heard, level);
        }
        if (random.Chance(NoiseShare))
        {
            var noise = new float[wave.Length];
            for (var i = 0; i < noise.Length; i++)
                noise[i] = random.Noise();
            Add(wave, noise, random.Between(-60, -25));
        }
        if (random.Chance(EqualiserShare))
            Tilt(wave, random.Between(-0.7, 0.7));
        return new(wave, speech, singing, music, heardFoley);

        float[] Cut(short[][] all) => GuardMixer.Cut(
            all, random, isTraining && random.Chance(SpeedShare) ? random.BetweenLog(SlowestVoice, FastestVoice) : 1);

        float[] Foley()
        {
            var (label, sound) = AnyFoley(random, isTraining);
            heardFoley.Add(label);
            return sound;
        }
    }

    (string Label, float[] Wave) AnyFoley(SceneRandom random, bool isTraining)
    {
        if (foley.Count == 0 || random.Chance(SceneShare))
        {
            var seed = random.NextBits() >> 3;
            var kind = SceneCatalog.KindOf(seed, SceneCatalog.Kinds);
            return ($"scene of {kind}", SceneCatalog.Create(kind, seed).RenderWave());
        }
        var among = isTraining && random.Chance(LabelShare) ? labels[random.Below(labels.Length)] : foley;
        var recording = among[random.Below(among.Count)];
        var samples = isTraining && random.Chance(SpeedShare)
            ? AtSpeed(recording.Samples, random.BetweenLog(SlowestFoley, FastestFoley)) : recording.Samples;
        return (recording.Label, Repeated(samples, random));
    }

    static float[] Repeated(short[] recording, SceneRandom random)
    {
        var wave = new float[ClipTiming.SamplesPerWindow];
        if (recording.Length > wave.Length)
        {
            Place(wave, recording, random.Below(recording.Length - wave.Length + 1), 0);
            return wave;
        }
        // Short sounds repeat at random times, as placed and generated ones do.
        var at = random.Below(wave.Length - recording.Length + 1);
        do
        {
            Place(wave, recording, 0, at);
            at += recording.Length + (int)(random.Unit() * ClipTiming.SampleRate);
        }
        while (at + recording.Length < wave.Length && random.Chance(0.7));
        return wave;
    }

    static void Place(float[] wave, short[] recording, int from, int at)
    {
        for (var i = 0; i < Math.Min(recording.Length - from, wave.Length - at); i++)
            wave[at + i] += recording[from + i] / 32_768f;
    }

    static float[] Cut(short[][] all, SceneRandom random, double speed)
    {
        var wave = new float[ClipTiming.SamplesPerWindow];
        var sound = all[random.Below(all.Length)];
        if (speed != 1)
            sound = AtSpeed(sound, speed);
        Place(wave, sound, random.Below(sound.Length - wave.Length + 1), 0);
        return wave;
    }

    /// <summary>Plays a recording faster, and so higher, or slower: another voice, instrument or object.</summary>
    static short[] AtSpeed(short[] recording, double speed)
    {
        var played = new short[Math.Max(1, (int)((recording.Length - 1) / speed))];
        for (var i = 0; i < played.Length; i++)
        {
            var (whole, rest) = ((int)(i * speed), i * speed - Math.Floor(i * speed));
            played[i] = (short)(recording[whole] * (1 - rest) + recording[Math.Min(whole + 1, recording.Length - 1)] * rest);
        }
        return played;
    }

    /// <summary>Adds a sound at a level relative to what is there, or as it is if there is nothing.</summary>
    static void Add(float[] wave, float[] sound, double decibels)
    {
        var (own, there) = (Level(sound), Level(wave));
        var gain = there > 0 && own > 0 ? there / own * Math.Pow(10, decibels / 20) : 1;
        for (var i = 0; i < wave.Length; i++)
            wave[i] += (float)gain * sound[i];
    }

    /// <summary>Root mean square of the frames that sound; 0 for silence.</summary>
    internal static double Level(float[] wave)
    {
        var powers = wave.Chunk(Frame).Select(frame => frame.Sum(s => (double)s * s) / frame.Length).ToArray();
        var least = powers.Max() * Math.Pow(10, -SoundingDecibels / 10);
        return powers.Max() > 0 ? Math.Sqrt(powers.Where(power => power >= least).Average()) : 0;
    }

    /// <summary>Raises low frequencies (above 0) or high ones, by a filter of the first order.</summary>
    static void Tilt(float[] wave, double strength)
    {
        var last = 0f;
        for (var i = 0; i < wave.Length; i++)
        {
            var now = wave[i];
            wave[i] = strength > 0 ? now + (float)strength * (i == 0 ? 0 : wave[i - 1] - now) : now + (float)strength * last;
            last = now;
        }
    }
}
