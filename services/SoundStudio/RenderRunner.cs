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
    StoreClock clock,
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

    /// <summary>Longest wait for room for temporary files, from the start of the render. It might need more than it can ever get.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Time in which an attempt that was broken off must be handed back.</summary>
    static readonly TimeSpan HandingBack = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<string, StudioRendering> local = new(StringComparer.Ordinal);
    readonly SharedWork reading = new();

    /// <summary>The render in this replica: being made, or made here. Null if another replica makes it.</summary>
    public StudioRendering? Local(string render) => local.GetValueOrDefault(render);

    /// <summary>The made sound, read from the store if another replica has made it.</summary>
    /// <exception cref="InputFault">NotFound: it is not in the store any more.</exception>
    public async Task<StudioRendering> ReadAsync(LeaseRow render, CancellationToken cancellation)
    {
        while (true)
        {
            if (MadeHere(render.Id) is { } known)
                return known.Used(Time);
            await reading.WaitAsync(render.Id, stop => ReadFromStoreAsync(render, stop), cancellation);
        }
    }

    /// <summary>Looks for renders that nobody makes, and deletes sounds that nobody uses from this replica.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var render in await leases.ListAsync(LeasedVideos.Renders, (long)RenderStage.Making, cancellation))
            Ensure(render.Id);
        // One whose work has not ended yet is still being stored, even if making it took longer than that.
        foreach (var (id, rendering) in local)
            if (rendering.HasEnded && Ended(id).IsCompleted && (await leases.ReadAsync(id, cancellation) is null
                || Time.GetElapsedTime(rendering.UsedAt) > UnusedTime))
                await ForgetAsync(id, rendering);
    }

    /// <summary>Stops a render whose video was deleted. At another replica it stops with its claim.</summary>
    public async Task ForgetAsync(string render)
    {
        if (Local(render) is { } rendering)
            await ForgetAsync(render, rendering);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var id in local.Keys)
            await ForgetAsync(id);
    }

    protected override string ClaimOf(string key) => $"{LeasedVideos.Renders} {key}";

    protected override async Task<LeaseRow?> NextAsync(string key, CancellationToken cancellation) =>
        await leases.ReadAsync(key, cancellation) is { State: (long)RenderStage.Making } row ? row : null;

    protected override Task DoAsync(LeaseRow work, Claim claim) => MakeAsync(work, claim);

    protected override void Broke(Exception failure, string key) => log.RenderBroke(failure, key);

    /// <summary>The sound of a render, if this replica has the whole of it.</summary>
    StudioRendering? MadeHere(string render) => Local(render) is { Made.IsCompletedSuccessfully: true } made ? made : null;

    /// <summary>Forgets a sound, but none that has taken its place since.</summary>
    async Task ForgetAsync(string render, StudioRendering? rendering)
    {
        if (rendering is not null && local.TryRemove(new(render, rendering)))
            await rendering.DisposeAsync();
    }

    async Task ReadFromStoreAsync(LeaseRow render, CancellationToken cancellation)
    {
        if (MadeHere(render.Id) is not null)
            return;                                                          // read since the caller looked
        await ForgetAsync(render.Id);                                        // another replica has made it since this one tried
        var made = new StudioRendering(
            space.Reserve(render.Caller, render.Bytes), (layers, _, stop) => KeptSound.ReadAsync(files, render.Id, layers, stop));
        try
        {
            await made.Made.WaitAsync(cancellation);
            local[render.Id] = made.Used(Time);
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// :: Step 1: get the video and the recordings. :: Step 2: make the sound, and note the progress. :: Step 3: store the sound, then note
    /// that it is made.
    /// </summary>
    async Task MakeAsync(LeaseRow row, Claim claim)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(claim.Lost, Ending);
        shares.Begin(row.Id);
        var isCounted = false;
        StudioRendering? rendering = null;
        try
        {
            // :: Step 1
            // Whoever noticed the render began this task: another caller, or the sweep.
            CallerHeader.ActFor(row.Caller);
            await leases.CountAsync(row.Id, 1, stop.Token);
            isCounted = true;
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
            var making = new StudioRendering(
                space.Reserve(row.Caller, row.Bytes),
                (layers, progress, end) => stages.Maker.MakeAsync(order, clip, layers, progress, end, recordings));
            local[row.Id] = rendering = making.Used(Time);
            await using var stopping = stop.Token.Register(() => _ = making.StopAsync());
            await NoteProgressAsync(row, claim, making, stop.Token);
            var made = await making.Made;
            making.Used(Time);
            use.Video.Learn(made.Result);

            // :: Step 3
            using var folder = PrivateFolder.Create("rewas-kept-");
            await KeptSound.StoreAsync(files, row.Id, made, folder.Path, stop.Token);
            await EndAsync(row, claim, RenderStage.Made, [], stop.Token, made);
            estimates.Learn(row.Id, plan, made, making.SampledSteps);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            await ForgetAsync(row.Id, rendering);
            using var limit = new CancellationTokenSource(HandingBack);
            if (isCounted)
                await HandBackAsync(row.Id, limit.Token);
            throw new OperationCanceledException(stop.Token);
        }
        catch (OperationCanceledException)
        {
            await ForgetAsync(row.Id, rendering);                            // its caller has cancelled it
            throw;
        }
        // The render is tried again, here after a pause or elsewhere.
        catch (Exception passing) when (IsNotOfRender(passing, row) || (PassingFault.Is(passing) && row.Attempts + 1 < MostAttempts))
        {
            await ForgetAsync(row.Id, rendering);
            if (isCounted && IsNotOfRender(passing, row))
                await HandBackAsync(row.Id, stop.Token);
            throw;
        }
        catch (Exception failure)
        {
            if (rendering is { HasEnded: false })
                await rendering.StopAsync();
            await EndAsync(row, claim, RenderStage.Failed, RenderFailure.Of(failure, log, row.Id).ToBytes(), stop.Token);
        }
        finally
        {
            shares.End(row.Id);
        }
    }

    /// <summary>
    /// Whether a failure would have met any render, so that the attempt does not count: another replica has the claim, because this one was
    /// frozen or could not reach the database; the database is away; other work has the room for temporary files.
    /// </summary>
    bool IsNotOfRender(Exception failure, LeaseRow row) => failure switch
    {
        ClaimLostException => true,
        DbException away => StoreDatabase.MayPass(away),
        InputFault { RetryAfter: not null } => clock.Milliseconds - row.Created < LongestWait.TotalMilliseconds,
        _ => false,
    };

    /// <summary>Hands an attempt back. It counts after all if that cannot be written.</summary>
    /// <param name="cancellation">Gives up waiting for a database that is away.</param>
    async Task HandBackAsync(string render, CancellationToken cancellation)
    {
        try
        {
            // Written twice, because an answer was lost, it allows one attempt more.
            await log.UntilWrittenAsync(
                "an attempt that is handed back",
                Time,
                async stop =>
                {
                    await leases.CountAsync(render, -1, stop);
                    return true;
                },
                cancellation);
        }
        catch (Exception failure) when (failure is DbException or OperationCanceledException)
        {
            log.AttemptCounts(failure, render);
        }
    }

    /// <summary>Notes the progress and the sound for followers at other replicas, until the sound is made.</summary>
    async Task NoteProgressAsync(LeaseRow row, Claim claim, StudioRendering rendering, CancellationToken cancellation)
    {
        var (told, stored) = ((RenderState?)null, (long?)null);
        while (!rendering.HasEnded)
        {
            try
            {
                if (rendering.State is var state && state != told)
                    await NoteAsync(row, claim, RenderStage.Making, state.ToMessage().ToByteArray(), told: null, cancellation);
                told = state;
                stored = await heard.StoreAsync(
                    row.Id, rendering, stored ?? await heard.LengthAsync(row.Id, cancellation), cancellation);
            }
            catch (Exception failure) when (failure is DbException || FileFault.IsExpected(failure))
            {
                log.RenderBroke(failure, row.Id);                            // the next round tells it
                stored = null;                                               // perhaps only the answer was lost
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
