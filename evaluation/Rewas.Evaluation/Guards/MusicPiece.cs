using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Guards;

/// <summary>
/// A piece of music, composed at random in one of six styles: a melody alone, a melody over chords, a band with bass and drums, broken
/// chords, held chords, or two voices. Drums never play alone, because a beat alone is also the sound of a picture.
/// </summary>
static class MusicPiece
{
    const int Drums = 9;

    /// <summary>General MIDI programs that are instruments. The last of the 128 are effects such as birds and gunshots.</summary>
    const int Instruments = 112;

    static readonly int[][] Scales = [[0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10], [0, 2, 4, 7, 9], [0, 2, 3, 5, 7, 9, 10]];
    static readonly int[][] Progressions = [[0, 3, 4, 0], [0, 5, 3, 4], [0, 4, 5, 3], [0, 0, 3, 4], [5, 3, 0, 4], [1, 4, 0, 0]];

    /// <summary>The instruments of one side. Neighbours in General MIDI sound alike, and they lie on different sides.</summary>
    public static int[] ProgramsOf(GuardSide side) => GuardSides.Of(Enumerable.Range(0, Instruments), side);

    /// <summary>Writes a piece into a file of several.</summary>
    /// <param name="start">Where it starts, seconds.</param>
    /// <param name="seconds">Its length.</param>
    public static void Compose(MidiFile midi, double start, double seconds, SceneRandom random, int[] programs)
    {
        var (root, scale) = (48 + random.Below(12), Scales[random.Below(Scales.Length)]);
        var beat = 60 / random.Between(60, 170);
        var chords = Progressions[random.Below(Progressions.Length)];
        var end = start + seconds;
        for (var channel = 0; channel < 3; channel++)
        {
            midi.SetProgram(start, channel, programs[random.Below(programs.Length)]);
            midi.SetVolume(start, channel, 70 + random.Below(50));
        }
        switch (random.Below(6))
        {
            case 0:
                Melody(0, 12);
                break;
            case 1:
                Melody(0, 12);
                Chords(1, beat * 4);
                break;
            case 2:
                Melody(0, 12);
                Chords(1, beat * random.Pick(1, 2, 4));
                Bass(2);
                Beat();
                break;
            case 3:
                BrokenChords(0);
                break;
            case 4:
                Chords(0, beat * 8);
                Chords(1, beat * 8);
                break;
            default:
                Melody(0, 12);
                Melody(1, 0);
                break;
        }

        int Key(int degree) => Math.Clamp(root + 12 * (int)Math.Floor((double)degree / scale.Length)
            + scale[(degree % scale.Length + scale.Length) % scale.Length], 24, 100);

        int ChordAt(double time) => chords[(int)((time - start) / (4 * beat)) % chords.Length];

        void Melody(int channel, int above)
        {
            var degree = random.Below(scale.Length);
            for (var time = start; time < end;)
            {
                var length = beat * random.Pick(0.25, 0.5, 0.5, 1.0, 1.0, 2.0);
                degree = Math.Clamp(degree + random.Below(5) - 2, -3, 10);
                if (!random.Chance(0.12))
                    midi.Play(time, Math.Min(length, end - time) * 0.95, channel, Key(degree) + above, 60 + random.Below(60));
                time += length;
            }
        }

        void Chords(int channel, double length)
        {
            for (var time = start; time < end; time += length)
                for (var third = 0; third < 3; third++)
                    midi.Play(time, Math.Min(length, end - time) * 0.95, channel, Key(ChordAt(time) + 2 * third), 50 + random.Below(40));
        }

        void BrokenChords(int channel)
        {
            var length = beat * random.Pick(0.25, 0.5);
            var number = 0;
            for (var time = start; time < end; time += length, number++)
                midi.Play(time, length * random.Between(0.8, 2), channel, Key(ChordAt(time) + 2 * (number % 4)), 60 + random.Below(50));
        }

        void Bass(int channel)
        {
            for (var time = start; time < end; time += beat)
                midi.Play(time, beat * 0.9, channel, Key(ChordAt(time)) - 12, 70 + random.Below(40));
        }

        void Beat()
        {
            var number = 0;
            for (var time = start; time < end; time += beat / 2, number++)
            {
                midi.Play(time, 0.1, Drums, 42, 50 + random.Below(40));      // closed hi-hat
                if (number % 4 == 0)
                    midi.Play(time, 0.1, Drums, 36, 90 + random.Below(30));  // bass drum
                if (number % 4 == 2)
                    midi.Play(time, 0.1, Drums, 38, 80 + random.Below(40));  // snare
            }
        }
    }
}
