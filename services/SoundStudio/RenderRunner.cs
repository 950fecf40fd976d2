using System.Collections.Concurrent;
using System.Data.Common;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Hosting;
using Rewas.Rendering;
using Rewas.SoundStudio.Webhooks;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.Store.Leases;
using Rewas.Store.Settings;
using Rewas.V1;

namespace Rewas.SoundStudio;

/// <summary>
/// Makes the sounds of renders, whoever listens, and reads sounds that another replica has made. A render whose replica has died is made
/// again, here or at another replica; its samples are the same.
/// </summary>
public sealed class RenderRunner(
    LeasedVideos videos,
    WorkingVideos copies,
    StudioLook look,
    StudioStages stages,
    StoredFiles files,
    HeardSound heard,
    StoreDatabase database,
    LeaseTable leases,
    Claims claims,
    WorkingSpace space,
    RenderEstimates estimates,
    FairTime shares,
    WebhookEvents webhooks,
    IOptions<StoreOptions> store,
    TimeProvider time,
    ILogger<RenderRunner> log) : ClaimedWork<LeaseRow>(claims, store, time)
{
    /// <summary>Time after which an unused sound is deleted from this replica. It is still in the store.</summary>
    static readonly TimeSpan UnusedTime = TimeSpan.FromMinutes(10);

    /// <summary>Attempts after which a render counts as failed. Each earlier one has ended with its process, or met a full disk.</summary>
    const int MostAttempts = 5;

    readonly ConcurrentDictionary<string, StudioRendering> local = new(StringComparer.Ordinal);
    readonly SemaphoreSlim reading = new(1, 1);

    /// <summary>The render in this replica: being made, or made here. Null if another replica makes it.</summary>
    public StudioRendering? Local(string render) => local.GetValueOrDefault(render);

    /// <summary>The made sound, read from the store if another replica has made it.</summary>
    /// <exception cref="InputFault">NotFound: it is not in the store any more.</exception>
    public async Task<StudioRendering> ReadAsync(LeaseRow render, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            if (local.TryGetValue(render.Id, out var known) && known.HasEnded)
                return known.Used(Time);
            var room = space.Reserve(render.Caller, render.Bytes);
            var made = new StudioRendering(room, (layers, _, stop) => KeptSound.ReadAsync(files, render.Id, layers, stop));
            try
            {
                await made.Made.WaitAsync(cancellation);
                return (local[render.Id] = made).Used(Time);
            }
            catch
            {
                await made.DisposeAsync();
                throw;
            }
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Looks for renders that nobody makes, and deletes sounds that nobody uses from this replica.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var render in await leases.ListAsync(LeasedVideos.Renders, (long)RenderStage.Making, cancellation))
            Ensure(render.Id);
        foreach (var (id, rendering) in local)
            if (rendering.HasEnded && (await leases.ReadAsync(id, cancellation) is null
                || Time.GetElapsedTime(rendering.UsedAt) > UnusedTime))
                await ForgetAsync(id);
    }

    /// <summary>Stops a render whose video was deleted. At another replica it stops with its claim.</summary>
    public async Task ForgetAsync(string render)
    {
        if (local.TryRemove(render, out var rendering))
            await rendering.DisposeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var id in local.Keys)
            await ForgetAsync(id);
        reading.Dispose();
    }

    protected override string ClaimOf(string key) => $"{LeasedVideos.Renders} {key}";

    protected override async Task<LeaseRow?> NextAsync(string key, CancellationToken cancellation) =>
        await leases.ReadAsync(key, cancellation) is { State: (long)RenderStage.Making } row ? row : null;

    protected override Task DoAsync(LeaseRow work, Claim claim) => MakeAsync(work, claim);

    protected override void Broke(Exception failure, string key) => log.RenderBroke(failure, key);

    /// <summary>
    /// :: Step 1: get the video and the recordings. :: Step 2: make the sound, and note the progress. :: Step 3: store the sound, then note
    /// that it is made.
    /// </summary>
    async Task MakeAsync(LeaseRow row, Claim claim)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(claim.Lost, Ending);
        shares.Begin(row.Id);
        try
        {
            // :: Step 1
            // Whoever noticed the render began this task: another caller, or the sweep.
            CallerHeader.ActFor(row.Caller);
            await leases.CountAsync(row.Id, 1, stop.Token);
            if (row.Attempts >= MostAttempts)
                throw InputFault.Precondition("render_id", $"{row.Attempts} attempts to make it have failed");
            var request = StartRenderRequest.Parser.ParseFrom(row.Document);
            var order = request.ToOrder();
            var (_, video) = await videos.FindRenderAsync(row.Id, row.Caller, stop.Token);
            await using var use = await copies.UseAsync(video, stop.Token);
            var clip = use.Video.ClipFor(stages, await look.FactsAsync(use.Video, stop.Token));
            var plan = estimates.PlanOf(request, row.Caller, clip);

            await using var uploads = await UploadedRecordings.UseAsync(order, row.Caller, videos, copies, stop.Token);
            var recordings = stages.References with { Uploaded = uploads.PathOf };

            // :: Step 2
            await ForgetAsync(row.Id);
            var rendering = new StudioRendering(
                space.Reserve(row.Caller, row.Bytes),
                (layers, progress, end) => stages.Maker.MakeAsync(order, clip, layers, progress, end, recordings));
            local[row.Id] = rendering.Used(Time);
            await using var stopping = stop.Token.Register(() => _ = rendering.StopAsync());
            await NoteProgressAsync(row, claim, rendering, stop.Token);
            var made = await rendering.Made;
            use.Video.Learn(made.Result);

            // :: Step 3
            using var folder = PrivateFolder.Create("rewas-kept-");
            await KeptSound.StoreAsync(files, row.Id, made, folder.Path, stop.Token);
            await EndAsync(row, claim, RenderStage.Made, [], stop.Token, made);
            estimates.Learn(row.Id, plan, made, rendering.SampledSteps);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            await ForgetAsync(row.Id);
            if (Ending.IsCancellationRequested)
                await leases.CountAsync(row.Id, -1, CancellationToken.None);
            throw new OperationCanceledException(stop.Token);
        }
        catch (OperationCanceledException)
        {
            await ForgetAsync(row.Id);                                       // its caller has cancelled it
            throw;
        }
        // The render is tried again, here or elsewhere.
        catch (Exception passing) when (
            passing is ClaimLostException or InputFault { RetryAfter: not null }
            || (PassingFault.Is(passing) && row.Attempts + 1 < MostAttempts))
        {
            throw;
        }
        catch (Exception failure)
        {
            await EndAsync(row, claim, RenderStage.Failed, RenderFailure.Of(failure, log, row.Id).ToBytes(), stop.Token);
        }
        finally
        {
            shares.End(row.Id);
        }
    }

    /// <summary>Notes the progress and the sound for followers at other replicas, until the sound is made.</summary>
    async Task NoteProgressAsync(LeaseRow row, Claim claim, StudioRendering rendering, CancellationToken cancellation)
    {
        var (told, stored) = ((RenderState?)null, await heard.LengthAsync(row.Id, cancellation));
        while (!rendering.HasEnded)
        {
            try
            {
                if (rendering.State is var state && state != told)
                    await NoteAsync(row, claim, RenderStage.Making, state.ToMessage().ToByteArray(), told: null, cancellation);
                told = state;
                stored = await heard.StoreAsync(row.Id, rendering, stored, cancellation);
            }
            catch (Exception failure) when (failure is DbException || FileFault.IsExpected(failure))
            {
                log.RenderBroke(failure, row.Id);                            // the next round tells it
            }
            await Task.WhenAny(rendering.Made, Task.Delay(PollInterval, Time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Notes how a render has ended, and the webhook that tells it.</summary>
    /// <param name="made">The sound, if it is made.</param>
    async Task EndAsync(
        LeaseRow row, Claim claim, RenderStage stage, byte[] progress, CancellationToken cancellation, MadeSound? made = null)
    {
        var ended = row with { State = (long)stage, Progress = progress };
        var told = webhooks.Of(row.Caller, RenderMessages.StatusOf(ended, Local(row.Id), made));
        await log.UntilWrittenAsync(
            "the end of a render", Time, stop => NoteAsync(row, claim, stage, progress, told, stop), cancellation);
    }

    Task<bool> NoteAsync(
        LeaseRow row, Claim claim, RenderStage stage, byte[] progress, Webhooks.WebhookDelivery? told,
        CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            await claim.ThrowIfLostAsync(transaction);
            // A render that was cancelled, or is gone, is not made any further.
            if (!await LeaseTable.WriteProgressAsync(transaction, row.Id, (long)stage, progress, from: (long)RenderStage.Making))
                throw new OperationCanceledException();
            await webhooks.AddAsync(transaction, told);
            return true;
        },
        cancellation);
}
