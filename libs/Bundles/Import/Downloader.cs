using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Bundles.Import;

/// <summary>
/// Downloads large files. A dropped connection is resumed where it stopped, now or at the next start, if the server still has the same
/// file. Length and hash are checked if known. A download starts only if the disk has room for it.
/// </summary>
/// <param name="http">Uses the system's proxy.</param>
/// <param name="freeSpace">Free bytes on the disk of a path. Default: as the system reports.</param>
public sealed class Downloader(HttpClient http, IProgress<ImportProgress> progress, Func<string, long>? freeSpace = null)
{
    const string PartSuffix = ".part", ValidatorSuffix = ".part.tag";
    const int MaximumAttempts = 6;

    /// <summary>Longest time without a byte before a connection counts as dropped.</summary>
    static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    readonly Func<string, long> freeSpace = freeSpace ?? (path => new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace);

    /// <summary>Wait after the first failed attempt. It doubles with each further attempt.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Downloads a file into a folder unless it is already there. A known hash is checked either way.</summary>
    /// <returns>Path of the file.</returns>
    /// <exception cref="InputFault">The file is missing, differs from the published one, or does not fit the disk.</exception>
    public async Task<string> DownloadAsync(PublishedFile file, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, file.File);
        if (File.Exists(path))
        {
            if (file.Sha256 is { } wanted && await FileHash.OfAsync(path, cancellation) is var there && there != wanted)
                throw InputFault.Precondition(
                    file.File, $"must have SHA-256 {wanted}, but '{path}', which is there already, has {there}: delete it");
            return path;
        }
        var retry = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = MaximumAttempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = RetryDelay,
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(IsPassing),
        }).Build();
        try
        {
            await retry.ExecuteAsync(async stop => await FetchAsync(file, path, stop), cancellation);
        }
        catch (HttpRequestException e)
        {
            throw InputFault.Precondition(
                file.File, $"could not be downloaded from {file.Url}: {e.Message}; the next start goes on where this one stopped", e);
        }
        await CheckHashAsync(file, path + PartSuffix, cancellation);
        File.Move(path + PartSuffix, path);
        File.Delete(path + ValidatorSuffix);
        return path;
    }

    async Task FetchAsync(PublishedFile file, string path, CancellationToken cancellation)
    {
        var (part, validator) = (path + PartSuffix, path + ValidatorSuffix);
        var have = File.Exists(part) && File.Exists(validator) ? new FileInfo(part).Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, file.Url);
        if (have > 0 && EntityTagHeaderValue.TryParse(await File.ReadAllTextAsync(validator, cancellation), out var tag))
            (request.Headers.Range, request.Headers.IfRange) = (new RangeHeaderValue(have, null), new RangeConditionHeaderValue(tag));

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            if (response.Content.Headers.ContentRange?.Length == have)
                return;
            File.Delete(validator);
            throw new HttpRequestException("the file has changed", null, response.StatusCode);
        }
        if (response.StatusCode
            is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
            throw InputFault.NotFound(file.File, $"{file.Url} answers {(int)response.StatusCode} {response.ReasonPhrase}");
        response.EnsureSuccessStatusCode();
        if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != have)
            have = 0;

        var total = have + response.Content.Headers.ContentLength ?? file.Bytes ?? 0;
        if (file.Bytes is { } published && total != published)
            throw InputFault.Precondition(file.File, $"must have {published} bytes, but {file.Url} has {total}");
        if (file.MostBytes is { } limit && total > limit)
            throw TooLong(file, total);
        if (freeSpace(Path.GetDirectoryName(path)!) is var free && free < total - have)
            throw InputFault.Exhausted(
                "disk", $"needs {total - have} bytes for {file.File}, but {free} are free in '{Path.GetDirectoryName(path)}'");

        // Only a strong validator guarantees that a range requested later belongs to the same file.
        if (response.Headers.ETag is { IsWeak: false } given)
            await File.WriteAllTextAsync(validator, given.ToString(), cancellation);
        else
            File.Delete(validator);
        await using var target = new FileStream(
            part, have == 0 ? FileMode.Create : FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
        target.SetLength(have);
        target.Position = have;
        await CopyAsync(file, await response.Content.ReadAsStreamAsync(cancellation), target, total, cancellation);
        if (total > 0 && target.Length != total)
            throw new HttpRequestException($"ended after {target.Length} of {total} bytes");
    }

    async Task CopyAsync(PublishedFile file, Stream source, FileStream target, long total, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 18];
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        while (true)
        {
            stalled.CancelAfter(StallTimeout);
            int read;
            try
            {
                read = await source.ReadAsync(buffer, stalled.Token);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new HttpRequestException($"no bytes came for {StallTimeout.TotalSeconds} s", e);
            }
            catch (IOException e)
            {
                throw new HttpRequestException(e.Message, e);
            }
            if (read == 0)
                return;
            if (file.MostBytes is { } limit && target.Position + read > limit)
                throw TooLong(file, target.Position + read);
            try
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
            catch (IOException e)
            {
                throw InputFault.Exhausted(
                    "disk", $"'{target.Name}' cannot be written after {target.Length} of {total} bytes: {e.Message}", e);
            }
            progress.Report(new($"downloading {file.File}", target.Position, Math.Max(total, target.Position)));
        }
    }

    static InputFault TooLong(PublishedFile file, long bytes) =>
        InputFault.Exhausted(file.File, $"must have at most {file.MostBytes} bytes, but {file.Url} sends {bytes} or more");

    static async Task CheckHashAsync(PublishedFile file, string part, CancellationToken cancellation)
    {
        if (file.Sha256 is null)
            return;
        var found = await FileHash.OfAsync(part, cancellation);
        if (found == file.Sha256)
            return;
        File.Delete(part);
        throw InputFault.Precondition(
            file.File, $"must have SHA-256 {file.Sha256}, but what came from {file.Url} has {found}; it was deleted");
    }

    static bool IsPassing(HttpRequestException e) => e.StatusCode
        is null or >= HttpStatusCode.InternalServerError
        or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.RequestedRangeNotSatisfiable;
}
