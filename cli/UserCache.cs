using Rewas.AudioDiffusion;
using Rewas.Checkpoints;

namespace Rewas.Cli;

/// <summary>Where this program keeps what it need not compute twice: curves of videos, and latents of windows that were sampled. An edit then samples only what it touches.</summary>
static class UserCache
{
    /// <summary>Environment variable with the folder; "off" for none. Else it lies beside the user's own bundles.</summary>
    public const string Variable = "REWAS_CACHE";

    public static string? Folder => Environment.GetEnvironmentVariable(Variable) switch
    {
        "off" => null,
        null or "" => Path.Combine(Path.GetDirectoryName(Bundle.UserFolder)!, "cache", "energy"),
        var folder => Path.GetFullPath(folder),
    };

    /// <summary>Configuration of stages hosted in this process. What the user says of it comes after, and counts.</summary>
    public static string[] Settings => Folder is { } folder ? [$"--{nameof(AudioDiffusion)}:{nameof(AudioDiffusionOptions.LatentCacheFolder)}={folder}"] : [];
}
