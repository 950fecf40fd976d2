using System.Text.RegularExpressions;

namespace Rewas.Clip.Files;

/// <summary>
/// A locked file that says that this process is alive and still owns temporary folders. The system gives the lock up when the process ends
/// in any way, so a later process can tell which folders nobody owns.
/// </summary>
static partial class ProcessMark
{
    const string Prefix = "rewas-", Ending = ".process";

    /// <summary>Names this process in the names of its folders: "p" and 12 hexadecimal digits.</summary>
    static readonly string Token = $"p{Guid.NewGuid():n}"[..13];

    static readonly Lock Gate = new();
    static readonly HashSet<string> Swept = new(StringComparer.Ordinal);
    static readonly Dictionary<string, (FileStream File, int Folders)> Marks = new(StringComparer.Ordinal);

    [GeneratedRegex(@"^rewas-(?:[a-z]+-)*(?<token>p[0-9a-f]{12})-[A-Za-z0-9]+$", RegexOptions.CultureInvariant, 1000)]
    static partial Regex FolderName { get; }

    /// <summary>Marks a place before a folder is created there.</summary>
    /// <param name="sweepFirst">True to delete leftovers when this process uses the place for the first time.</param>
    /// <returns>The prefix of the folder's name.</returns>
    public static string Take(string place, string prefix, bool sweepFirst)
    {
        lock (Gate)
        {
            if (sweepFirst && Swept.Add(place))
                Sweep(place);
            var (file, folders) = Marks.TryGetValue(place, out var known) ? known : (Lock(PathOf(place, Token), FileMode.CreateNew), 0);
            Marks[place] = (file, folders + 1);
            return $"{prefix}{Token}-";
        }
    }

    /// <summary>Removes the mark of a place with its last folder.</summary>
    public static void Release(string place)
    {
        lock (Gate)
        {
            var (file, folders) = Marks[place];
            if (folders > 1)
            {
                Marks[place] = (file, folders - 1);
                return;
            }
            Marks.Remove(place);
            File.Delete(file.Name);
            file.Dispose();
        }
    }

    /// <summary>Deletes the folders of processes that were killed.</summary>
    /// <returns>The number of deleted folders.</returns>
    public static int Sweep(string place)
    {
        if (!Locks(place))
            return 0;
        var deleted = 0;
        foreach (var folders in new DirectoryInfo(place).GetDirectories($"{Prefix}*")
            .Select(folder => (Folder: folder, Name: FolderName.Match(folder.Name)))
            .Where(found => found.Name.Success && found.Name.Groups["token"].Value != Token)
            .GroupBy(found => found.Name.Groups["token"].Value, found => found.Folder))
        {
            var mark = PathOf(place, folders.Key);
            try
            {
                using (File.Exists(mark) ? Lock(mark, FileMode.Open) : null)
                    foreach (var folder in folders)
                    {
                        folder.Delete(recursive: true);
                        deleted++;
                    }
                File.Delete(mark);
            }
            catch (Exception failure) when (FileFault.IsExpected(failure))
            {
                // Its process is alive, or it belongs to another user.
            }
        }
        return deleted;
    }

    /// <summary>Whether locks work in a place. Some network folders have none; there, nobody can tell who is alive.</summary>
    static bool Locks(string place)
    {
        var path = PathOf(place, $"p{Guid.NewGuid():n}"[..13]);
        try
        {
            using var first = Lock(path, FileMode.CreateNew);
            try
            {
                Lock(path, FileMode.Open).Dispose();
                return false;
            }
            catch (IOException)
            {
                return true;
            }
            finally
            {
                File.Delete(path);
            }
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            return false;
        }
    }

    static FileStream Lock(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None);

    static string PathOf(string place, string token) => Path.Combine(place, $"{Prefix}{token}{Ending}");
}
