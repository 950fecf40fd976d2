using Rewas.Client;
using Rewas.Clip.Names;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.Kinds;
using Rewas.Evaluation.Sounds;
using Rewas.Sound.Mel;
using Rewas.Video;

namespace Rewas.Evaluation.Galleries;

/// <summary>
/// Twelve prompts over six held-out scenes, with and without the bundle's memory, each beside a real recording of what was asked for. Half
/// of the prompts fit their picture; the others ask for another sound in the same rhythm.
/// </summary>
sealed class PromptGallery
{
    public const string PageName = "prompts.html";
    const int BitsPerSecond = 48_000, PlotWidth = 560, Side = 256, ConstantRateFactor = 30;

    /// <summary>Kind of scene, prompt, and the label of the real recordings.</summary>
    static readonly (string Kind, string Prompt, string Label)[] Asked =
    [
        (HammerBlows.Name, "a blacksmith's hammer strikes iron", "metal impact"),
        (HammerBlows.Name, "a mallet on a wooden board", "wood impact"),
        (Footsteps.Name, "someone walks over gravel", "footsteps on gravel"),
        (Footsteps.Name, "footsteps in fresh snow", "footsteps on snow"),
        (Door.Name, "a fist knocks on a wooden door", "door wood knock"),
        (Door.Name, "a dog barks at the postman", "dog"),
        (Rain.Name, "it is pouring outside", "rain"),
        (Rain.Name, "a crackling campfire", "crackling fire"),
        (Waves.Name, "surf rolls onto a beach", "sea waves"),
        (Waves.Name, "gusts of wind", "wind"),
        (Rotor.Name, "a helicopter hovers", "helicopter"),
        (Rotor.Name, "a lumberjack's chainsaw", "chainsaw"),
    ];

    readonly RealRecordings recordings;
    readonly IReadOnlyDictionary<string, string> remarks;

    public PromptGallery(RealRecordings recordings, IReadOnlyDictionary<string, string> remarks)
    {
        (this.recordings, this.remarks) = (recordings, remarks);
        recordings.Require(Asked.Select(asked => asked.Label));
    }

    public static IReadOnlyList<string> Prompts { get; } = [.. Asked.Select(asked => asked.Prompt)];

    /// <summary>Writes the page with its films, sounds and spectrograms.</summary>
    /// <param name="tell">Receives a line of progress.</param>
    public async Task WriteAsync(RewasClient client, string folder, string bundle, Action<string> tell, CancellationToken cancel)
    {
        var cases = new List<PromptCase>();
        foreach (var (number, (kind, prompt, label)) in Asked.Index())
        {
            var name = FormattableString.Invariant($"prompt-{number + 1:00}");
            var film = await FilmAsync(kind, folder, cancel);
            var (with, used) = await MakeAsync(client, Path.Combine(folder, film), prompt, MemoryNames.On, cancel);
            var (without, _) = await MakeAsync(client, Path.Combine(folder, film), prompt, MemoryNames.Off, cancel);
            var (real, credit) = await recordings.ReadAsync(label, with.Length, cancel);
            await SaveAsync(with, Path.Combine(folder, $"{name}-memory.opus"), cancel);
            await SaveAsync(without, Path.Combine(folder, $"{name}.opus"), cancel);
            GalleryPlot.SaveSpectrograms(
                Path.Combine(folder, $"{name}.png"),
                [
                    ("recording", MelSpectrogram.LogMel(real)), ("memory", MelSpectrogram.LogMel(with)),
                    ("no memory", MelSpectrogram.LogMel(without)),
                ],
                PlotWidth);
            cases.Add(new(name, film, kind, prompt, label, credit, used, remarks.GetValueOrDefault(prompt)));
            tell($"{kind}, '{prompt}': {(used.Count > 0 ? $"starts from {used.Count} recordings" : "the memory has nothing like it")}");
        }
        await File.WriteAllTextAsync(Path.Combine(folder, PageName), PromptGalleryPage.Of(cases, bundle), cancel);
    }

    /// <summary>The silent film of a kind, rendered once.</summary>
    static async Task<string> FilmAsync(string kind, string folder, CancellationToken cancel)
    {
        var film = $"film-{kind}.mp4";
        await SceneFiles.WriteAsync(
            kind, SceneCatalog.FirstHeldOutSeed + 1000, Path.Combine(folder, film), Side, Side, SceneCatalog.SecondsPerClip,
            withSound: false, constantRateFactor: ConstantRateFactor, cancellationToken: cancel);
        return film;
    }

    /// <returns>The sound, and the credits of the recordings that it starts from.</returns>
    static async Task<(float[] Wave, IReadOnlyList<string> Used)> MakeAsync(
        RewasClient client, string film, string prompt, string memory, CancellationToken cancel)
    {
        var wave = new GeneratedWave();
        var result = await client.GenerateAsync(
            new GenerateRequest
            {
                Video = VideoSource.FromFile(film),
                Options = new() { Prompt = prompt, Memory = memory },
                Sink = wave.AddAsync,
            },
            cancellation: cancel);
        return (wave.ToArray(), [.. (result.Sampler?.Recordings ?? []).Select(used => $"“{used.Caption}” by {used.Author}")]);
    }

    static async Task SaveAsync(float[] wave, string path, CancellationToken cancel) =>
        await File.WriteAllBytesAsync(path, await OpusExport.EncodeAsync(wave, BitsPerSecond, cancel), cancel);
}
