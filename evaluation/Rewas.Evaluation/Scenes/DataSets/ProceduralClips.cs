using Rewas.Clip.Faults;

namespace Rewas.Evaluation.Scenes.DataSets;

/// <summary>Procedural scenes that nothing was trained on. Picture, caption and sound come from one description.</summary>
static class ProceduralClips
{
    public const int DefaultCount = 60;

    /// <summary>First seed of this set. No other use has seeds from here on.</summary>
    const ulong FirstSeed = (1UL << 62) + 2_000_000;
    const int PictureSide = 256;

    /// <param name="named">Kinds to use in turn. Null: all.</param>
    /// <exception cref="InputFault">A kind does not exist.</exception>
    public static EvaluationSet Open(int count, IReadOnlyList<string>? named)
    {
        if (named?.Except(SceneCatalog.Kinds).FirstOrDefault() is { } unknown)
            throw InputFault.Invalid("dataset", $"kinds of scene are {string.Join(", ", SceneCatalog.Kinds)}, but one is '{unknown}'");
        var kinds = named ?? SceneCatalog.Kinds;
        return new(
            named is null ? "procedural" : $"procedural {string.Join(", ", named)}",
            [.. Enumerable.Range(0, count).Select(i => Clip(kinds[i % kinds.Count], FirstSeed + (ulong)i))],
            [
                $"Held-out procedural scenes of {Math.Min(count, kinds.Count)} kinds, {SceneCatalog.SecondsPerClip} s each; "
                    + "the prompt is the scene's caption.",
            ]);
    }

    static EvaluationClip Clip(string kind, ulong seed)
    {
        var name = EvaluationSet.FileName($"{kind}-{seed - FirstSeed:0000}");
        return new(
            name,
            SceneCatalog.Create(kind, seed).Caption,
            async (folder, cancel) =>
            {
                var path = Path.Combine(folder, name + ".mp4");
                if (!File.Exists(path))
                    await SceneFiles.WriteAsync(
                        kind, seed, path, PictureSide, PictureSide, SceneCatalog.SecondsPerClip, withSound: false,
                        cancellationToken: cancel);
                return path;
            },
            _ => Task.FromResult<float[]?>(SceneCatalog.Create(kind, seed).RenderWave()));
    }
}
