using Rewas.Bundles;

namespace Rewas.Library;

/// <summary>Location of the index of a user's recordings. It is never in the user's own folders.</summary>
public static class LibraryPlace
{
    /// <summary>Environment variable that sets another folder.</summary>
    public const string Variable = "REWAS_LIBRARY";

    /// <summary>The value of <see cref="Variable"/>. The default is a folder beside the user's own bundles.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : Path.Combine(Path.GetDirectoryName(Bundle.UserFolder)!, "library");
}
