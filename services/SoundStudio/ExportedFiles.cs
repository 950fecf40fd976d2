using System.Security.Cryptography;
using Google.Protobuf;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Store.Files;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>
/// The exported files of this replica. A file is written once and then read in parts, as players do. Of files that no call reads, the last
/// few are kept for a time, if their caller has room for them.
/// </summary>
public sealed class ExportedFiles(WorkingSpace space, TimeProvider time) : IDisposable
{
    const int MostKept = 8;

    /// <summary>Time after which an unused file is deleted. It can be written again.</summary>
    static readonly TimeSpan UnusedTime = TimeSpan.FromMinutes(10);

    readonly Lock gate = new();
    readonly List<Entry> entries = [];                                       // the least recently used first

    /// <summary>Finds the file of an export, or writes it. Keep the result until the file is read.</summary>
    /// <param name="request">Its range of bytes does not matter.</param>
    /// <param name="caller">Owner of the render.</param>
    /// <param name="write">Writes the file into a folder. Only one call at a time writes a file.</param>
    public async Task<ExportUse> UseAsync(
        ExportRequest request, string caller, Func<PrivateFolder, Task<WrittenExport>> write, CancellationToken cancellation)
    {
        var entry = Find(request);
        try
        {
            await entry.Writing.WaitAsync(cancellation);
            try
            {
                if (entry.File is null)
                    await WriteAsync(entry, caller, write);
            }
            finally
            {
                entry.Writing.Release();
            }
            return new(entry.File!, () => Release(entry));
        }
        catch
        {
            Release(entry);
            throw;
        }
    }

    /// <summary>Deletes unused files, and those of renders that are gone.</summary>
    public async Task SweepAsync(Func<string, Task<bool>> exists)
    {
        List<Entry> unused;
        lock (gate)
            unused = [.. entries.Where(entry => entry.Users == 0)];
        foreach (var entry in unused)
            if (time.GetElapsedTime(entry.UsedAt) > UnusedTime || !await exists(entry.Render))
                lock (gate)
                    if (entry.Users == 0)
                        Remove(entry);
    }

    /// <summary>Deletes the files. No call may read them any more.</summary>
    public void Dispose()
    {
        lock (gate)
            foreach (var entry in entries.ToList())
                Remove(entry);
    }

    async Task WriteAsync(Entry entry, string caller, Func<PrivateFolder, Task<WrittenExport>> write)
    {
        var folder = PrivateFolder.Create("rewas-export-");
        try
        {
            var file = await write(folder);
            entry.Room = RoomFor(caller, file.Bytes);
            (entry.Folder, entry.File) = (folder, file);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <returns>Null if there is no room to keep a file after its last use.</returns>
    IDisposable? RoomFor(string caller, long bytes)
    {
        try
        {
            return space.Reserve(caller, bytes);
        }
        catch (InputFault)
        {
            return null;
        }
    }

    Entry Find(ExportRequest request)
    {
        var key = KeyOf(request);
        lock (gate)
        {
            var entry = entries.Find(known => known.Key == key) ?? new(key, request.RenderId);
            entries.Remove(entry);
            entries.Add(entry);
            entry.Users++;
            return entry;
        }
    }

    void Release(Entry entry)
    {
        lock (gate)
        {
            entry.Users--;
            entry.UsedAt = time.GetTimestamp();
            var unused = entries.Where(known => known.Users == 0).ToList();
            var kept = unused.Where(known => known.Room is not null).TakeLast(MostKept).ToList();
            foreach (var old in unused.Except(kept))
                Remove(old);
        }
    }

    void Remove(Entry entry)
    {
        if (!entries.Remove(entry))
            return;
        entry.Folder?.Dispose();
        entry.Room?.Dispose();
        entry.Writing.Dispose();
    }

    static string KeyOf(ExportRequest request) =>
        Convert.ToHexStringLower(SHA256.HashData(new ExportRequest(request) { FromByte = 0, ByteCount = 0 }.ToByteArray()));

    sealed class Entry(string key, string render)
    {
        public string Key => key;

        public string Render => render;

        public SemaphoreSlim Writing { get; } = new(1);

        public WrittenExport? File { get; set; }

        public PrivateFolder? Folder { get; set; }

        public IDisposable? Room { get; set; }

        public int Users { get; set; }

        /// <summary>Timestamp of the end of the last use.</summary>
        public long UsedAt { get; set; }
    }
}

/// <param name="Sidecar">JSON.</param>
/// <param name="LeftOut">What of the video the file cannot hold; empty for nothing.</param>
public sealed record WrittenExport(string Path, long Bytes, string Sha256, string Sidecar, string LeftOut);

/// <summary>Keeps an exported file until it is disposed.</summary>
public sealed class ExportUse(WrittenExport file, Action release) : IDisposable
{
    public WrittenExport File => file;

    public void Dispose() => release();
}
