using System.Globalization;
using System.Runtime.InteropServices;
using Rewas.Clip.Files;

namespace Rewas.Networks.Onnx;

/// <summary>Memory of weights that the runtime has mapped from files and only reads.</summary>
static partial class MappedPages
{
    const string List = "/proc/self/maps";

    /// <summary>MADV_DONTNEED of Linux.</summary>
    const int NotNeeded = 4;

    /// <summary>
    /// Lets the system have the pages of files with a name. A later read takes them from the file, or from the system's cache of it. The
    /// caller sees to it that nothing is unmapped meanwhile. Does nothing where the system has no list of what is mapped.
    /// </summary>
    public static void GiveBack(string fileName)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(List))
            return;
        try
        {
            // "7f3d545b4000-7f3d545b6000 rw-p 02d8b000 fe:00 11804928    /path". The path has no links, so the name alone is compared.
            foreach (var line in File.ReadLines(List))
                if (line.EndsWith($"/{fileName}", StringComparison.Ordinal) && line.Split(' ', 3) is [var range, "rw-p", _])
                {
                    var (start, end) = (Address(range.Split('-')[0]), Address(range.Split('-')[1]));
                    _ = Advise(start, (nuint)(end - start), NotNeeded);
                }
        }
        catch (Exception e) when (FileFault.IsExpected(e))
        {
            // No file can be opened now. The pages stay.
        }
    }

    static nint Address(string text) => nint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint bytes, int advice);
}
