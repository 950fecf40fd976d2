using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Picture;
using Rewas.Evaluation.Scenes.Sound;

namespace Rewas.Evaluation.Scenes.Filming;

/// <summary>
/// A simulated event sequence. The constructor of a kind runs the simulation. Picture and sound are two views of the same events. Each is
/// rendered only on request, in any order, with the same result.
/// </summary>
public abstract class Scene
{
    /// <summary>Interval of <see cref="Events"/> in scenes of continuous sound, seconds.</summary>
    public const double ContinuousEventSeconds = 0.1;

    readonly SceneRandom random;
    IReadOnlyList<SoundEvent>? impacts;                                      // null: every event is one

    private protected Scene(string kind, ulong seed, double seconds)
    {
        Kind = kind;
        Seconds = seconds;
        random = new SceneRandom(seed).Fork(kind);
        Look = new Look(random.Fork("look"));
    }

    public string Kind { get; }

    public double Seconds { get; }

    /// <summary>Prompts that are all true of this scene.</summary>
    public IReadOnlyList<string> Captions { get; private protected set; } = [];

    public string Caption => Captions[random.Fork("caption").Below(Captions.Count)];

    /// <summary>In order of time. See <see cref="SoundEvent"/>.</summary>
    public IReadOnlyList<SoundEvent> Events { get; private protected set; } = [];

    /// <summary>The single events alone, in order of time: <see cref="Events"/> without the samples of a continuous sound.</summary>
    public IReadOnlyList<SoundEvent> Impacts => impacts ?? Events;

    /// <summary>Expected amplitude of the sound, 0 to 1, as it follows from the simulated events.</summary>
    public abstract double Loudness(double time);

    internal Look Look { get; }

    /// <summary>An independent stream of random numbers for one part of the scene.</summary>
    private protected SceneRandom Random(string purpose) => random.Fork(purpose);

    /// <summary>Paints what never moves. Called once per film.</summary>
    internal abstract void PaintBackdrop(Canvas canvas);

    /// <summary>Paints what moves, at a time in seconds.</summary>
    internal abstract void Paint(Canvas canvas, double time);

    /// <summary>Adds the scene's own sound, without room and ambience.</summary>
    internal abstract void Sound(Track track);

    /// <summary>[Seconds * 16000] mono, mean-free, peak at most 0.9.</summary>
    public float[] RenderWave()
    {
        var track = new Track(Seconds);
        Sound(track);
        return Mastering.Finish(track, random.Fork("mastering"));
    }

    /// <summary>Opens a camera on this scene. One film must not be used by several threads; several films of a scene may be.</summary>
    public Film OpenFilm(int width, int height) => new(this, random.Fork("film"), width, height);

    /// <summary>Loudness of single events that decay with a time constant, seconds.</summary>
    private protected double LoudnessOfEvents(double time, double decaySeconds) => LoudnessOf(Events, time, decaySeconds);

    /// <summary>The same for other events, in order of time.</summary>
    private protected static double LoudnessOf(IReadOnlyList<SoundEvent> events, double time, double decaySeconds)
    {
        var loudness = 0.0;
        foreach (var (at, strength) in events)
        {
            if (at > time)
                break;
            loudness = Math.Max(loudness, strength * Math.Exp((at - time) / decaySeconds));
        }
        return loudness;
    }

    /// <summary>Amplitude of several independent noises together: the powers add. At most 1.</summary>
    private protected static double Together(IEnumerable<double> amplitudes) => Math.Min(1, Math.Sqrt(amplitudes.Sum(a => a * a)));

    /// <summary>Seconds since the latest event; a very large number before the first event.</summary>
    private protected static double SinceLast(IReadOnlyList<SoundEvent> events, double time)
    {
        var since = 1e6;
        for (var i = 0; i < events.Count && events[i].TimeSeconds <= time; i++)
            since = time - events[i].TimeSeconds;
        return since;
    }

    /// <summary>Events of a scene of continuous sound.</summary>
    private protected IReadOnlyList<SoundEvent> SampleLoudness()
    {
        impacts = [];
        return Sample(Loudness);
    }

    /// <summary>Events of a scene with both impacts and a continuous sound.</summary>
    private protected IReadOnlyList<SoundEvent> EventsOf(IEnumerable<SoundEvent> single, Func<double, double> lasting)
    {
        impacts = [.. single.OrderBy(e => e.TimeSeconds)];
        return [.. Sample(lasting).Concat(impacts).OrderBy(e => e.TimeSeconds)];
    }

    IReadOnlyList<SoundEvent> Sample(Func<double, double> loudness) =>
        [
            .. Enumerable.Range(0, (int)(Seconds / ContinuousEventSeconds))
                .Select(i => new SoundEvent(i * ContinuousEventSeconds, loudness(i * ContinuousEventSeconds))),
        ];
}
