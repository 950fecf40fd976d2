using Rewas.Clip.Faults;

namespace Rewas.Clip.Files;

/// <summary>The only place that turns a failed read or write of a file into a fault in the user's terms.</summary>
public static class FileFault
{
    // errno of Linux and macOS, which .NET stores as the exception's HResult. Both are listed where they differ.
    const int InputOutput = 5, TooManyFilesOfSystem = 23, TooManyFiles = 24, NoSpace = 28, ReadOnlyFileSystem = 30;
    const int NoSpaceOnWindows = unchecked((int)0x80070070);
    static readonly int[] Loops = [40, 62], NamesTooLong = [36, 63], QuotasUsedUp = [122, 69];

    /// <summary>Whether an exception is a failed read or write. Any other exception is a bug.</summary>
    public static bool IsExpected(Exception failure) => failure is IOException or UnauthorizedAccessException;

    /// <summary>Whether the cause is this machine, so that no other path or file would help.</summary>
    public static bool IsOfThisMachine(Exception failure) =>
        failure is IOException && (IsQuota(failure)
            || failure.HResult is InputOutput or TooManyFilesOfSystem or TooManyFiles or NoSpace or NoSpaceOnWindows);

    /// <summary>The fault of a file that cannot be read.</summary>
    /// <param name="field">The argument or option that names it.</param>
    /// <param name="path">As the user gave it.</param>
    /// <param name="failure">Must satisfy <see cref="IsExpected"/>.</param>
    public static InputFault Reading(string field, string path, Exception failure) =>
        Of(field, $"'{path}' cannot be read: {Why(failure)}", failure);

    /// <summary>The fault of a file that cannot be written. Parameters are those of <see cref="Reading"/>.</summary>
    public static InputFault Writing(string field, string path, Exception failure) =>
        Of(field, $"'{path}' cannot be written: {Why(failure)}", failure);

    /// <summary>The fault of an unnamed file. .NET's message names it.</summary>
    public static InputFault Of(Exception failure) => Of(
        failure.Message.Contains(Path.GetTempPath(), StringComparison.Ordinal) ? "TMPDIR" : "file",
        IsOfThisMachine(failure) ? $"{Why(failure)} ({failure.Message})" : failure.Message, failure);

    static InputFault Of(string field, string message, Exception failure) =>
        new(KindOf(failure), field, message, failure);

    static FaultKind KindOf(Exception failure) =>
        failure is IOException && (failure.HResult is NoSpace or NoSpaceOnWindows || IsQuota(failure)) ? FaultKind.Full
        : IsOfThisMachine(failure) ? FaultKind.Environment
        : FaultKind.Invalid;

    internal static string Why(Exception failure) => failure switch
    {
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException or DirectoryNotFoundException => "it does not exist",
        PathTooLongException => "its name is too long",
        { HResult: NoSpace or NoSpaceOnWindows } => "no space is left on the device",
        { HResult: InputOutput } => "the device failed",
        { HResult: TooManyFiles or TooManyFilesOfSystem } => "too many files are open",
        { HResult: ReadOnlyFileSystem } => "its file system is read-only",
        _ when Loops.Contains(failure.HResult) => "its links lead in a circle",
        _ when NamesTooLong.Contains(failure.HResult) => "its name is too long",
        _ when IsQuota(failure) => "the disk quota is used up",
        _ => failure.Message,
    };

    static bool IsQuota(Exception failure) => QuotasUsedUp.Contains(failure.HResult);
}
