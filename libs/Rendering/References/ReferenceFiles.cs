using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Library;
using Rewas.V1;

namespace Rewas.Rendering.References;

/// <summary>Finds the files of a caller's own recordings. Each host sets what its callers may name.</summary>
public sealed record ReferenceFiles
{
    public const string Field = "reference";

    /// <summary>Finds the file at a path. Null: callers may not name files.</summary>
    public Func<string, string>? AtPath { get; init; }

    /// <summary>Finds the file of an upload. Null: there are no uploads.</summary>
    public Func<string, string>? Uploaded { get; init; }

    /// <summary>Opens the library of recordings. Null: there is none.</summary>
    public Func<LibraryIndex>? Library { get; init; }

    /// <summary>
    /// Reserves bytes for decoded recordings until the result is disposed, or throws an <see cref="InputFault"/>. Null: nobody counts them.
    /// </summary>
    public Func<long, IDisposable>? Room { get; init; }

    /// <summary>The user's own files, as the command line names them.</summary>
    public static ReferenceFiles OfUser { get; } = new() { AtPath = OwnFile };

    /// <summary>The file of a recording.</summary>
    /// <param name="folder">Receives the file of a recording that came as bytes.</param>
    /// <param name="number">Number of the recording, from 0.</param>
    /// <exception cref="InputFault">The recording does not exist, or may not be named here.</exception>
    public async Task<string> FindAsync(ReferenceSound recording, string folder, int number, CancellationToken cancellation)
    {
        switch (recording.FromCase)
        {
            case ReferenceSound.FromOneofCase.Path:
                return (AtPath ?? throw NotHere("a path")).Invoke(recording.Path);
            case ReferenceSound.FromOneofCase.UploadId:
                return (Uploaded ?? throw NotHere("an upload_id")).Invoke(recording.UploadId);
            case ReferenceSound.FromOneofCase.LibrarySha256:
                return Indexed(recording.LibrarySha256);
            default:
                var path = Path.Combine(folder, FormattableString.Invariant($"content-{number}"));
                await File.WriteAllBytesAsync(path, recording.Content.ToByteArray(), cancellation);
                return path;
        }
    }

    /// <summary>Recordings of the library that match a prompt; none if nothing matches.</summary>
    /// <exception cref="InputFault">There is no library.</exception>
    public IReadOnlyList<ReferenceSound> Matching(string prompt, CancellationToken cancellation) => LibraryChoice.Of(
        (Library ?? throw InputFault.Invalid("library", "cannot be used here: there is none")).Invoke(), prompt, cancellation);

    string Indexed(string sha256)
    {
        var library = (Library ?? throw NotHere("a library_sha256")).Invoke();
        return library.Find(sha256)?.Path
            ?? throw InputFault.NotFound(Field, $"the library has no recording with SHA-256 {sha256}, or its file is missing");
    }

    static InputFault NotHere(string what) => InputFault.Invalid(Field, $"{what} cannot be given here");

    /// <summary>A file of the user. A link that leads out of its folder is refused, as in a library.</summary>
    static string OwnFile(string path)
    {
        InputFile.Find(path, Field);
        var full = Path.GetFullPath(path);
        var folder = Path.TrimEndingDirectorySeparator(Path.GetDirectoryName(full)!) + Path.DirectorySeparatorChar;
        return File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target
            && !target.FullName.StartsWith(folder, StringComparison.Ordinal)
            ? throw InputFault.Invalid(Field, $"'{path}' is a link that leads out of its folder, to '{target.FullName}'")
            : full;
    }
}
