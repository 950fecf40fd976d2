using Rewas.Clip;
using Rewas.Evaluation.Scenes.Chance;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Scenes.Kinds;

namespace Rewas.Evaluation.Scenes;

/// <summary>All kinds of scene. A new kind is one file in Kinds/ and one line here.</summary>
public static class SceneCatalog
{
    /// <summary>Seeds from here on are never trained on; the trainer's own held-out clips end far below.</summary>
    public const ulong FirstHeldOutSeed = (1UL << 62) + 1_000_000;

    /// <summary>A clip lasts as long as a window of diffusion.</summary>
    public const double SecondsPerClip = (double)ClipTiming.SamplesPerWindow / ClipTiming.SampleRate;     // 5.12

    static readonly (string Kind, Func<ulong, double, Scene> Create)[] Entries =
    [
        (BouncingBall.Name, (seed, seconds) => new BouncingBall(seed, seconds)),
        (HammerBlows.Name, (seed, seconds) => new HammerBlows(seed, seconds)),
        (DrippingWater.Name, (seed, seconds) => new DrippingWater(seed, seconds)),
        (Rain.Name, (seed, seconds) => new Rain(seed, seconds)),
        (Engine.Name, (seed, seconds) => new Engine(seed, seconds)),
        (Footsteps.Name, (seed, seconds) => new Footsteps(seed, seconds)),
        (DrumBeats.Name, (seed, seconds) => new DrumBeats(seed, seconds)),
        (BellRinging.Name, (seed, seconds) => new BellRinging(seed, seconds)),
        (TickingClock.Name, (seed, seconds) => new TickingClock(seed, seconds)),
        (Typing.Name, (seed, seconds) => new Typing(seed, seconds)),
        (Sawing.Name, (seed, seconds) => new Sawing(seed, seconds)),
        (Clapping.Name, (seed, seconds) => new Clapping(seed, seconds)),
        (Glass.Name, (seed, seconds) => new Glass(seed, seconds)),
        (RollingBall.Name, (seed, seconds) => new RollingBall(seed, seconds)),
        (Door.Name, (seed, seconds) => new Door(seed, seconds)),
        (RunningWater.Name, (seed, seconds) => new RunningWater(seed, seconds)),
        (Waves.Name, (seed, seconds) => new Waves(seed, seconds)),
        (Wind.Name, (seed, seconds) => new Wind(seed, seconds)),
        (Fire.Name, (seed, seconds) => new Fire(seed, seconds)),
        (Fireworks.Name, (seed, seconds) => new Fireworks(seed, seconds)),
        (Thunder.Name, (seed, seconds) => new Thunder(seed, seconds)),
        (Vehicle.Name, (seed, seconds) => new Vehicle(seed, seconds)),
        (Rotor.Name, (seed, seconds) => new Rotor(seed, seconds)),
        (Train.Name, (seed, seconds) => new Train(seed, seconds)),
    ];

    public static IReadOnlyList<string> Kinds { get; } = [.. Entries.Select(e => e.Kind)];

    /// <summary>
    /// Kinds whose pictures no training sees, one of each family: impacts, hands, machines, water. They measure predictions on unknown
    /// kinds.
    /// </summary>
    public static IReadOnlyList<string> Unseen { get; } = [Clapping.Name, DrumBeats.Name, Rotor.Name, RunningWater.Name];

    /// <summary>The kinds that the embedded bundle was trained on.</summary>
    public static IReadOnlyList<string> Basic { get; } =
    [
        BouncingBall.Name, HammerBlows.Name, DrippingWater.Name, Rain.Name, Engine.Name, Footsteps.Name,
    ];

    /// <summary>Creates a scene, for callers that need only its wave or its picture, or another length or size.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="seed">Decides everything about the scene.</param>
    /// <param name="seconds">Length of the simulation.</param>
    public static Scene Create(string kind, ulong seed, double seconds = SecondsPerClip)
    {
        var entry = Array.Find(Entries, e => e.Kind == kind);
        return entry.Create?.Invoke(seed, seconds)
            ?? throw new ArgumentException($"unknown kind of scene '{kind}'; there are {string.Join(", ", Kinds)}", nameof(kind));
    }

    /// <summary>The kind for a seed, if scenes are chosen at random.</summary>
    public static string KindOf(ulong seed, IReadOnlyList<string> kinds) => kinds[new SceneRandom(seed).Fork("kind").Below(kinds.Count)];

    /// <summary>The picture of one training window: [128, N, N, 3] RGB u8.</summary>
    public static byte[] RenderFrames(Scene scene, int frameSize)
    {
        var film = scene.OpenFilm(frameSize, frameSize);
        var frames = new byte[ClipTiming.FramesPerWindow * film.FrameBytes];
        for (var i = 0; i < ClipTiming.FramesPerWindow; i++)
            film.Render((double)i / ClipTiming.FrameRate, frames.AsSpan(i * film.FrameBytes, film.FrameBytes));
        return frames;
    }

    /// <summary>
    /// A scene of any length, size and frame rate, frame by frame. The picture is framed so that its centre square holds the action.
    /// </summary>
    public static LongScene RenderLong(
        string kind, ulong seed, int width, int height, double seconds, double frameRate = ClipTiming.FrameRate)
    {
        var scene = Create(kind, seed, seconds);
        return new LongScene(scene, Frames(scene, width, height, frameRate));
    }

    static IEnumerable<byte[]> Frames(Scene scene, int width, int height, double frameRate)
    {
        var film = scene.OpenFilm(width, height);
        var count = (long)Math.Round(scene.Seconds * frameRate);
        for (var i = 0L; i < count; i++)
        {
            var frame = new byte[film.FrameBytes];
            film.Render(i / frameRate, frame);
            yield return frame;
        }
    }
}

/// <param name="Scene">Gives captions, events and, by <see cref="Scene.RenderWave"/>, the sound.</param>
/// <param name="Frames">Frames of [H, W, 3] RGB u8, rendered on request.</param>
public sealed record LongScene(Scene Scene, IEnumerable<byte[]> Frames);
