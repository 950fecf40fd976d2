using Rewas.Bundles;

namespace Rewas.Library;

/// <summary>Where the index of a user's recordings lies: never in the user's own folders.</summary>
public static class LibraryPlace
{
    /// <summary>Environment variable with another folder for the index.</summary>
    public const string Variable = "REWAS_LIBRARY";

    /// <summary>What <see cref="Variable"/> says; without it, a folder beside the user's own bundles.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : Path.Combine(Path.GetDirectoryName(Bundle.UserFolder)!, "library");
}
