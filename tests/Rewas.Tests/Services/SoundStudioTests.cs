using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rewas.AudioDiffusion;
using Rewas.Client;
using Rewas.EnergyPredictor;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.Sound.Curves;
using Rewas.SoundStudio;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.Store.Leases;
using Rewas.Tests.Gateway;
using Rewas.Tests.Store;
using Rewas.V1;
using Rewas.VideoEncoder;
using Rewas.Vocoder;
using CurveEdit = Rewas.V1.CurveEdit;

namespace Rewas.Tests.Services;

public sealed class SoundStudioTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task A_video_is_looked_at_edited_rendered_heard_and_exported()
    {
        await using var studio = await StudioHost.StartAsync();
        var bytes = Clip();
        var video = await studio.UploadedAsync(bytes);

        var analysis = await studio.Client.AnalyseAsync(new() { VideoId = video.VideoId, Pictures = 4 });
        Assert.Equal(2, analysis.Video.Duration.ToTimeSpan().TotalSeconds);
        Assert.Equal(200, analysis.Curve.ToCurve().Count);
        // The check was fitted for another bundle than that of the tests, so it must not claim to know what it sees.
        Assert.Contains("I do not know what it is", analysis.Caption.Text, StringComparison.Ordinal);
        Assert.Equal(("", 0.0), (analysis.Caption.Concept, analysis.Caption.Confidence));
        Assert.Equal([0x89, .. "PNG"u8], analysis.Filmstrip.ToByteArray()[..4]);

        var edited = await studio.Client.EditCurveAsync(new()
        {
            Curve = analysis.Curve,
            Edits = { new CurveEdit { Mute = new() { Range = new() { FromSeconds = 0.5, ToSeconds = 1 } } } },
        });
        Assert.Equal(EnergyScale.Silence, edited.ToCurve()[75]);

        var request = new StartRenderRequest
        {
            IdempotencyKey = "a",
            VideoId = video.VideoId,
            Curve = edited,
            Options = new() { Prompt = "a dog barks", Steps = 2, Candidates = 2 },
            Environment = new() { Prompt = "rain", Seed = 1, Decibels = -12 },
        };
        var render = await studio.Client.StartRenderAsync(request);
        Assert.Equal(render, await studio.Client.StartRenderAsync(request));
        var (wave, end) = await studio.WatchAsync(render, from: 0);
        Assert.Equal((32_000, 32_000L), (wave.Length, end.Samples));
        Assert.Equal(edited.ToCurve(), end.Curve.ToCurve());
        Assert.Equal(
            end.Candidates.Single(candidate => candidate.Candidate == 0).Sha256,
            Convert.ToHexStringLower(SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(wave.AsSpan()))));
        Assert.Equal([0, 1], end.Candidates.Select(candidate => candidate.Candidate).Order());
        Assert.True(end.Candidates[0].Score >= end.Candidates[1].Score);
        Assert.Equal(wave[20_000..], (await studio.WatchAsync(render, from: 20_000)).Wave);

        foreach (var format in new[] { "mp4", "flac", "wav" })
        {
            var file = clips.Path("export." + format);
            await File.WriteAllBytesAsync(
                file,
                await studio.ExportAsync(
                    new() { RenderId = render.RenderId, Format = format, Rank = 1, Finish = new() { Loudness = -20 } }),
                TestContext.Current.CancellationToken);
            Assert.Equal(
                96_000,
                ClipFolder.Run(
                    "-i", "file:" + file, "-map", "0:a:0", "-f", "f32le", "-ac", "1", "-ar", "48000", "-").Length / sizeof(float),
                2048.0);
        }
        await File.WriteAllBytesAsync(clips.Path("uploaded.mp4"), bytes, TestContext.Current.CancellationToken);
        Assert.Equal(ClipFolder.PictureDigest(clips.Path("uploaded.mp4")), ClipFolder.PictureDigest(clips.Path("export.mp4")));
        Assert.NotEmpty(await studio.ExportAsync(new() { RenderId = render.RenderId, Format = "wav", Stem = "environment" }));
        await studio.ExportAsync(new() { RenderId = render.RenderId, Format = "wav", Stem = "drums" }).Fails(
            StatusCode.InvalidArgument, "stem: must be one of primary, environment");
        await studio.ExportAsync(new() { RenderId = render.RenderId, Format = "avi" }).Fails(StatusCode.InvalidArgument, "format");
        await studio.ExportAsync(new() { RenderId = render.RenderId, Format = "wav", Rank = 2 }).Fails(
            StatusCode.InvalidArgument, "rank: must be from 0 to 1");
    }

    [Fact]
    public async Task An_upload_that_broke_off_goes_on_where_it_stopped()
    {
        await using var studio = await StudioHost.StartAsync();
        var bytes = Clip();
        var video = await studio.CreateAsync(bytes);
        var half = bytes.Length / 2;
        Assert.Equal(half, (await studio.SendAsync(video, 0, bytes[..half])).Received);
        await studio.Client.AnalyseAsync(new() { VideoId = video.VideoId }).ResponseAsync.Fails(
            StatusCode.FailedPrecondition, $"{half} of {bytes.Length} bytes have come");
        await studio.SendAsync(video, 0, bytes).Fails(StatusCode.FailedPrecondition, $"offset: must be {half}");
        await studio.SendAsync(video, half, [.. bytes[half..], 1]).Fails(StatusCode.InvalidArgument, "chunk: must end with");
        // The chunks before the refused one are kept.
        var received = (int)(await studio.Client.GetVideoAsync(new() { VideoId = video.VideoId })).Received;
        Assert.Equal(half + (bytes.Length - half) / 10_000 * 10_000, received);
        Assert.Equal(bytes.Length, (await studio.SendAsync(video, received, bytes[received..])).Received);
        Assert.Equal(200, (await studio.Client.AnalyseAsync(new() { VideoId = video.VideoId })).Curve.ToCurve().Count);
    }

    [Fact]
    public async Task Bytes_that_differ_from_the_announced_ones_are_reported_and_sent_again()
    {
        await using var studio = await StudioHost.StartAsync();
        var bytes = Clip();
        var video = await studio.CreateAsync(bytes);
        await studio.SendAsync(video, 0, [.. bytes[..^1], (byte)~bytes[^1]]).Fails(StatusCode.InvalidArgument, "sha256: must be");
        Assert.Equal(bytes.Length, (await studio.SendAsync(video, 0, bytes)).Received);
    }

    [Fact]
    public async Task The_same_key_creates_once_and_another_request_with_it_is_refused()
    {
        await using var studio = await StudioHost.StartAsync();
        var first = await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "k", Bytes = 10 });
        Assert.Equal(first.VideoId, (await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "k", Bytes = 10 })).VideoId);
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "k", Bytes = 11 }).ResponseAsync.Fails(
            StatusCode.InvalidArgument, "idempotency_key: 'k' was used for another request");
        await studio.Client.CreateVideoAsync(new() { Bytes = 11 }).ResponseAsync.Fails(
            StatusCode.InvalidArgument, "idempotency_key: must have 1 to 128 characters");
        await studio.Client.DeleteVideoAsync(new() { VideoId = first.VideoId });
        Assert.NotEqual(first.VideoId, (await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "k", Bytes = 11 })).VideoId);
    }

    [Fact]
    public async Task Quotas_refuse_by_name()
    {
        await using var studio = await StudioHost.StartAsync(
            ("SoundStudio:MaxVideos", "2"), ("SoundStudio:MaxVideoBytes", "2000"), ("SoundStudio:MaxTotalBytes", "3000"));
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "1", Bytes = 2000 });
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "2", Bytes = 2001 }).ResponseAsync.Fails(
            StatusCode.ResourceExhausted, "MaxVideoBytes");
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "2", Bytes = 1001 }).ResponseAsync.Fails(
            StatusCode.ResourceExhausted, "MaxTotalBytes");
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "2", Bytes = 10 });
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "3", Bytes = 10 }).ResponseAsync.Fails(
            StatusCode.ResourceExhausted, "MaxVideos");
        Assert.Contains((await studio.Client.DescribeStudioAsync(new())).Limits, limit => limit is { Name: "MaxVideos", Value: 2 });
    }

    [Fact]
    public async Task A_video_goes_when_its_lease_ends_and_its_files_with_it()
    {
        await using var studio = await StudioHost.StartAsync(("SoundStudio:Lease", "00:00:10"));
        var video = await studio.CreateAsync([1, 2, 3]);
        await studio.SendAsync(video, 0, [1, 2]);
        Assert.Single(studio.Files);
        await Wait.UntilAsync(() => studio.Files.Count == 0, "the video's files are gone");
        await studio.Client.GetVideoAsync(new() { VideoId = video.VideoId }).ResponseAsync.Fails(
            StatusCode.NotFound, "does not exist, or its lease has ended");
    }

    [Fact]
    public async Task A_video_and_its_renders_do_not_exist_for_other_callers()
    {
        await using var studio = await StudioHost.StartAsync(("Rewas:TrustCallerHeader", "true"));
        Metadata alice = new() { { "rewas-caller", "alice" } }, mallory = new() { { "rewas-caller", "mallory" } };
        var bytes = Clip();
        var video = await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "k", Bytes = bytes.Length }, alice);
        await studio.SendAsync(video, 0, bytes, alice);
        var start = new StartRenderRequest
        {
            IdempotencyKey = "r",
            VideoId = video.VideoId,
            Options = new() { Prompt = "a dog barks", Steps = 2 },
        };
        var render = await studio.Client.StartRenderAsync(start, alice);
        await studio.WatchAsync(render, from: 0, alice);

        var named = new { video.VideoId, render.RenderId };
        var nothing = new { VideoId = new string('0', 32), RenderId = new string('0', 32) };
        foreach (var (headers, ids) in new[] { (mallory, named), (null, named), (alice, nothing) })
        {
            await studio.Client.GetVideoAsync(new() { VideoId = ids.VideoId }, headers).ResponseAsync.Fails(
                StatusCode.NotFound, $"video_id: '{ids.VideoId}' does not exist, or its lease has ended");
            await studio.Client.RenewVideoAsync(new() { VideoId = ids.VideoId }, headers).ResponseAsync
                .Fails(StatusCode.NotFound, "video_id");
            await studio.Client.AnalyseAsync(new() { VideoId = ids.VideoId }, headers).ResponseAsync.Fails(StatusCode.NotFound, "video_id");
            await studio.Client.StartRenderAsync(new(start) { VideoId = ids.VideoId }, headers).ResponseAsync.Fails(
                StatusCode.NotFound, "video_id");
            await studio.SendAsync(new() { VideoId = ids.VideoId }, 0, bytes, headers).Fails(StatusCode.NotFound, "video_id");
            await studio.WatchAsync(new() { RenderId = ids.RenderId }, 0, headers).Fails(
                StatusCode.NotFound, $"render_id: '{ids.RenderId}' does not exist");
            await studio.ExportAsync(new() { RenderId = ids.RenderId, Format = "wav" }, headers).Fails(StatusCode.NotFound, "render_id");
            await studio.Client.DeleteVideoAsync(new() { VideoId = ids.VideoId }, headers);
        }

        Assert.NotEqual(video.VideoId, (await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "k", Bytes = 5 }, mallory)).VideoId);
        Assert.Equal(bytes.Length, (await studio.Client.GetVideoAsync(new() { VideoId = video.VideoId }, alice)).Received);
        Assert.NotEmpty(await studio.ExportAsync(new() { RenderId = render.RenderId, Format = "wav" }, alice));
    }

    [Fact]
    public async Task A_video_that_is_deleted_ends_what_is_made_of_it_and_its_files_go_when_nobody_uses_them()
    {
        await using var studio = await StudioHost.StartAsync(("SoundStudio:Lease", "00:00:10"));
        var video = await studio.UploadedAsync(Clip());
        var render = await studio.Client.StartRenderAsync(
            new()
            {
                IdempotencyKey = "r",
                VideoId = video.VideoId,
                Options = new() { Prompt = "a dog barks", Steps = 200, Candidates = 8 },
            });
        using var watching = studio.Client.WatchRender(new() { RenderId = render.RenderId });
        Assert.True(await watching.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        await studio.Client.DeleteVideoAsync(new() { VideoId = video.VideoId });

        await studio.Client.GetVideoAsync(new() { VideoId = video.VideoId }).ResponseAsync.Fails(StatusCode.NotFound, "video_id");
        await Task.Run(async () =>
        {
            while (await watching.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
            }
        }).Fails(StatusCode.NotFound, $"render_id: '{render.RenderId}' was deleted while it was made");
        await Wait.UntilAsync(() => studio.Files.Count == 0, "the video's files are gone");
    }

    [Fact]
    public async Task One_caller_does_not_take_the_room_of_all()
    {
        await using var studio = await StudioHost.StartAsync(
            ("Rewas:TrustCallerHeader", "true"), ("SoundStudio:MaxVideosPerCaller", "2"), ("SoundStudio:MaxBytesPerCaller", "2000"));
        Metadata alice = new() { { "rewas-caller", "alice" } }, bob = new() { { "rewas-caller", "bob" } };
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "1", Bytes = 1500 }, alice);
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "2", Bytes = 501 }, alice).ResponseAsync.Fails(
            StatusCode.ResourceExhausted, "MaxBytesPerCaller");
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "2", Bytes = 500 }, alice);
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "3", Bytes = 1 }, alice).ResponseAsync.Fails(
            StatusCode.ResourceExhausted, "MaxVideosPerCaller");
        await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "1", Bytes = 1500 }, bob);
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\..\\windows\\system.ini")]
    [InlineData("-i")]
    [InlineData("http://127.0.0.1/clip.mp4")]
    [InlineData("a\0b\nc")]
    public async Task A_name_is_never_a_path(string name)
    {
        await using var studio = await StudioHost.StartAsync();
        var bytes = Clip();
        var video = await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "k", FileName = name, Bytes = bytes.Length });
        await studio.SendAsync(video, 0, bytes);

        await studio.Client.AnalyseAsync(new() { VideoId = video.VideoId });
        await studio.Client.GetVideoAsync(new() { VideoId = name }).ResponseAsync.Fails(StatusCode.NotFound, "video_id");

        // The store has one part, and the studio a working copy of it. Neither has a name of the caller's.
        Assert.Collection(
            studio.Files.Order(StringComparer.Ordinal),
            stored => Assert.Matches($"^store/files/leases/{video.VideoId}/[0-9a-f]{{32}}$", stored),
            copy => Assert.Matches("^working/rewas-studio-p[0-9a-f]{12}-[0-9a-f]{32}/video$", copy));
    }

    [Fact]
    public async Task Impossible_values_are_refused_before_any_work()
    {
        await using var studio = await StudioHost.StartAsync();
        var video = await studio.UploadedAsync(Clip());
        var render = new StartRenderRequest { IdempotencyKey = "a", VideoId = video.VideoId, Options = new() { Prompt = "a" } };
        await studio.Client.StartRenderAsync(new(render) { Options = new() }).ResponseAsync
            .Fails(StatusCode.InvalidArgument, "prompt: must have");
        await studio.Client.StartRenderAsync(new(render) { VideoId = "none" }).ResponseAsync.Fails(StatusCode.NotFound, "video_id");
        await studio.Client.StartRenderAsync(
                new(render)
                {
                    Edits = { new CurveEdit { Mute = new() { Range = new() { FromSeconds = 1, ToSeconds = 9 } } } },
                }).ResponseAsync.Fails(
            StatusCode.InvalidArgument, "mute");
        await studio.Client.AnalyseAsync(new() { VideoId = video.VideoId, Pictures = 51 }).ResponseAsync.Fails(
            StatusCode.InvalidArgument, "pictures: must be from 0 to 50");
        var text = await studio.UploadedAsync([.. "not a video"u8]);
        await studio.Client.AnalyseAsync(new() { VideoId = text.VideoId }).ResponseAsync.Fails(StatusCode.InvalidArgument, "video");
    }

    [Fact]
    public async Task Waiting_for_room_and_for_the_database_costs_a_render_no_attempt()
    {
        const int Room = 64 << 20, MoreThanItsAttempts = 7;
        using var log = new HostLog();
        await using var studio = await StudioHost.StartAsync(
            services => services.AddLogging(
                logging => logging.AddProvider(log).AddFilter<HostLog>(typeof(RenderRunner).FullName, LogLevel.Warning)),
            ("Store:TakeOverAfter", "00:00:00.200"), ("Store:MaxWorkingBytes", $"{Room}"));
        var (leases, database) = (studio.Get<LeaseTable>(), studio.Get<StoreDatabase>());
        var bytes = Clip();
        var video = await studio.UploadedAsync(bytes);                       // its working copy has its room already
        var taken = studio.Get<WorkingSpace>().Reserve("", Room - bytes.Length);
        var render = await studio.Client.StartRenderAsync(Order(video, "r"));
        await FailsAsync(MoreThanItsAttempts, "waits for room");

        await database.ExecuteAsync("ALTER TABLE rewas_parts RENAME TO away", new { }, TestContext.Current.CancellationToken);
        taken.Dispose();
        await FailsAsync(Tries() + MoreThanItsAttempts, "waits for the database");

        await database.ExecuteAsync("ALTER TABLE away RENAME TO rewas_parts", new { }, TestContext.Current.CancellationToken);
        Assert.Equal(32_000, (await studio.WatchAsync(render, from: 0)).Wave.Length);
        Assert.Equal(1, (await RowAsync()).Attempts);

        int Tries() => log.Of(typeof(RenderRunner).FullName!).Count(
            line => line.Text.Contains("could not be made", StringComparison.Ordinal));

        async Task<LeaseRow> RowAsync() => (await leases.ReadAsync(render.RenderId, TestContext.Current.CancellationToken))!;

        async Task FailsAsync(int tries, string what)
        {
            await Wait.UntilAsync(async () => Tries() >= tries || (await RowAsync()).State != (long)RenderStage.Making, what);
            Assert.Equal((long)RenderStage.Making, (await RowAsync()).State);
        }
    }

    [Fact]
    public async Task A_replica_that_has_lost_a_render_stops_making_it_and_hands_its_attempt_back()
    {
        // Its own signs of life do not tell it before the test ends.
        await using var studio = await StudioHost.StartAsync(("Store:TakeOverAfter", "00:10:00"));
        var (leases, runner) = (studio.Get<LeaseTable>(), studio.Get<RenderRunner>());
        var video = await studio.UploadedAsync(Clip());
        var order = Order(video, "r");
        (order.Options.Steps, order.Options.Candidates) = (200, 8);
        var id = (await studio.Client.StartRenderAsync(order)).RenderId;
        await Wait.UntilAsync(() => runner.Local(id) is { SampledSteps: > 0 }, "it is being made");
        var making = runner.Local(id)!;

        await studio.Get<StoreDatabase>().ExecuteAsync(
            "UPDATE rewas_claims SET holder = 'another' WHERE thing = @thing",
            new { thing = $"{LeasedVideos.Renders} {id}" },
            TestContext.Current.CancellationToken);

        await Wait.UntilAsync(() => making.HasEnded, "it is not made any further");
        Assert.Null(runner.Local(id));
        await Wait.UntilAsync(
            async () => await leases.ReadAsync(id, TestContext.Current.CancellationToken) is { Attempts: 0 }, "the attempt does not count");
    }

    [Fact]
    public async Task A_sound_that_the_store_does_not_deliver_holds_up_no_other_sound()
    {
        await using var studio = await StudioHost.StartAsync(services => services.AddSingleton<GatedFiles>()
            .AddSingleton<IStoredFiles>(provider => provider.GetRequiredService<GatedFiles>()));
        var (files, runner) = (studio.Get<GatedFiles>(), studio.Get<RenderRunner>());
        var video = await studio.UploadedAsync(Clip());
        var (slow, other) = (
            await studio.Client.StartRenderAsync(Order(video, "slow")), await studio.Client.StartRenderAsync(Order(video, "other")));
        foreach (var render in (StudioRender[])[slow, other])
        {
            await studio.WatchAsync(render, from: 0);
            await runner.ForgetAsync(render.RenderId);                       // another replica has only what is in the store
        }
        files.Held = slow.RenderId;
        var waiting = studio.Client.GetRenderAsync(new() { RenderId = slow.RenderId }).ResponseAsync;
        await Wait.UntilAsync(() => files.Asked > 0, "the store is asked for the slow sound");

        var status = await studio.Client.GetRenderAsync(new() { RenderId = other.RenderId }).ResponseAsync.WaitAsync(
            Wait.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(32_000, status.End.Samples);
        Assert.False(waiting.IsCompleted);

        files.Deliver();
        Assert.Equal(32_000, (await waiting).End.Samples);
    }

    [Fact]
    public async Task A_sound_that_took_long_to_make_is_not_deleted_while_it_is_stored()
    {
        await using var studio = await StudioHost.StartAsync(services => services.AddSingleton<GatedFiles>()
            .AddSingleton<IStoredFiles>(provider => provider.GetRequiredService<GatedFiles>()));
        var (files, runner) = (studio.Get<GatedFiles>(), studio.Get<RenderRunner>());
        var video = await studio.UploadedAsync(Clip());
        files.TakesNone = true;
        var render = await studio.Client.StartRenderAsync(Order(video, "r"));
        await Wait.UntilAsync(
            () => runner.Local(render.RenderId) is { HasEnded: true } && files.Asked > 0, "it is made, and is being stored");

        var made = runner.Local(render.RenderId)!.Used(new AnHourAgo());
        await runner.SweepAsync(TestContext.Current.CancellationToken);
        Assert.Same(made, runner.Local(render.RenderId));

        files.Deliver();
        Assert.Equal(32_000, (await studio.WatchAsync(render, from: 0)).Wave.Length);
    }

    [Fact]
    public async Task A_sound_that_is_forgotten_while_a_follower_hears_it_is_heard_to_its_end()
    {
        await using var studio = await StudioHost.StartAsync();
        var runner = studio.Get<RenderRunner>();
        var render = await studio.Client.StartRenderAsync(Order(await studio.UploadedAsync(Clip()), "r"));
        await studio.WatchAsync(render, from: 0);
        var row = await studio.Get<LeaseTable>().ReadAsync(render.RenderId, TestContext.Current.CancellationToken);

        var follower = new Follower(() => runner.ForgetAsync(render.RenderId));
        await studio.Get<RenderWatch>().FollowAsync(row!, from: 0, follower, TestContext.Current.CancellationToken);
        Assert.Equal(32_000, follower.Samples);
        Assert.Equal(32_000, follower.End!.Samples);
    }

    [Fact]
    public async Task One_caller_does_not_hold_all_decoders()
    {
        var decoders = new DecoderShares(2);
        await using var studio = await StudioHost.StartAsync(
            services => services.AddSingleton(decoders), ("Rewas:TrustCallerHeader", "true"));
        Metadata alice = new() { { "rewas-caller", "alice" } }, bob = new() { { "rewas-caller", "bob" } };
        var (hers, his) = (await UploadedAsync(alice), await UploadedAsync(bob));
        var render = await studio.Client.StartRenderAsync(Order(hers, "r"), alice);
        await studio.WatchAsync(render, from: 0, alice);

        var share = await decoders.EnterAsync("alice", TestContext.Current.CancellationToken);
        var analysis = studio.Client.AnalyseAsync(new() { VideoId = hers.VideoId, Pictures = 2 }, alice).ResponseAsync;
        var export = studio.ExportAsync(new() { RenderId = render.RenderId, Format = "wav", Finish = new() { Pan = "picture" } }, alice);
        var blank = studio.Client.CreateVideoAsync(new() { IdempotencyKey = "b", BlankSeconds = 1 }, alice).ResponseAsync;
        await Wait.UntilAsync(() => decoders.Waiting == 3, "all calls wait for the share of their caller");
        Assert.NotEmpty((await studio.Client.AnalyseAsync(new() { VideoId = his.VideoId, Pictures = 2 }, bob)).Filmstrip);
        Assert.False(analysis.IsCompleted || export.IsCompleted || blank.IsCompleted);

        share.Dispose();
        Assert.NotEmpty((await analysis).Filmstrip);
        Assert.NotEmpty(await export);
        Assert.NotEmpty((await blank).VideoId);

        async Task<StudioVideo> UploadedAsync(Metadata caller)
        {
            var bytes = Clip();
            var video = await studio.Client.CreateVideoAsync(new() { IdempotencyKey = "v", Bytes = bytes.Length }, caller);
            return await studio.SendAsync(video, 0, bytes, caller);
        }
    }

    static StartRenderRequest Order(StudioVideo video, string key) => new()
    {
        IdempotencyKey = key,
        VideoId = video.VideoId,
        Options = new() { Prompt = "a dog barks", Steps = 2 },
    };

    byte[] Clip() =>
        File.ReadAllBytes(clips.Make($"{Guid.NewGuid():N}.mp4", "testsrc2=size=128x96:rate=25:duration=2", "-c:v", "libx264", "-g", "15"));

    sealed class AnHourAgo : TimeProvider
    {
        public override long GetTimestamp() => System.GetTimestamp() - 3600 * System.TimestampFrequency;
    }

    /// <summary>Does something after the first samples.</summary>
    sealed class Follower(Func<Task> afterFirst) : IServerStreamWriter<RenderEvent>
    {
        public long Samples { get; private set; }

        public RenderEnd? End { get; private set; }

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(RenderEvent message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(RenderEvent message, CancellationToken cancellationToken)
        {
            End ??= message.End;
            if (message.Wave is not { } wave)
                return;
            Assert.Equal(Samples, wave.FirstSample);
            var isFirst = Samples == 0;
            Samples += wave.Samples.ToHostTensor("wave", -1).Floats.Length;
            if (isFirst)
                await afterFirst();
        }
    }

    /// <summary>The studio beside the four stages, behind a real connection.</summary>
    sealed class StudioHost : IAsyncDisposable
    {
        readonly WebApplication app;
        readonly TinyBundle bundle = new();
        readonly TemporaryFolder folder = new();
        readonly GrpcChannel channel;
        int created;

        StudioHost(Action<IServiceCollection>? add, (string Key, string Value)[] settings)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration["Rewas:ShareBetweenCallers"] = "true";
            builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
            builder.Configuration["Rewas:Bundle"] = bundle.Bundle.Directory;
            builder.Configuration["Onnx:Threads"] = "1";
            builder.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
            builder.Configuration["SoundStudio:Folder"] = folder.File("working");
            builder.Configuration["Store:Folder"] = folder.File("store");
            builder.AddRewasDefaults();
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            builder.AddVideoEncoder().AddEnergyPredictor().AddAudioDiffusion().AddVocoder().AddSoundStudioBesideStages();
            add?.Invoke(builder.Services);
            app = builder.Build();
            app.MapRewasDefaults();
            app.MapVideoEncoder().MapEnergyPredictor().MapAudioDiffusion().MapVocoder().MapSoundStudio();
            app.StartAsync().GetAwaiter().GetResult();
            channel = GrpcChannel.ForAddress(app.Urls.Single(url => url.StartsWith("http://127", StringComparison.Ordinal)));
            Client = new(channel);
        }

        public V1.SoundStudio.SoundStudioClient Client { get; }

        /// <summary>Files of the store and working copies.</summary>
        public IReadOnlyList<string> Files =>
        [
            .. new[] { Path.Combine("store", "files"), "working" }
                .Select(folder.File)
                .Where(Directory.Exists)
                .SelectMany(place => Directory.GetFiles(place, "*", SearchOption.AllDirectories))
                .Where(file => !file.EndsWith(".process", StringComparison.Ordinal))
                .Select(file => Path.GetRelativePath(folder.Path, file)),
        ];

        public static Task<StudioHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(add: null, settings);

        /// <param name="add">Services that replace those of the studio.</param>
        public static Task<StudioHost> StartAsync(Action<IServiceCollection>? add, params (string Key, string Value)[] settings) =>
            Task.Run(() => new StudioHost(add, settings));

        public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

        public async Task<StudioVideo> CreateAsync(byte[] bytes) => await Client.CreateVideoAsync(new()
        {
            IdempotencyKey = $"video {created++}",
            FileName = "clip.mp4",
            Bytes = bytes.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        });

        public async Task<StudioVideo> UploadedAsync(byte[] bytes) => await SendAsync(await CreateAsync(bytes), 0, bytes);

        public async Task<StudioVideo> SendAsync(StudioVideo video, long offset, byte[] bytes, Metadata? headers = null)
        {
            using var call = new UploadCall<UploadVideoRequest, StudioVideo>(Client.UploadVideo(headers));
            await call.TryWriteAsync(new() { Start = new() { VideoId = video.VideoId, Offset = offset } });
            foreach (var chunk in bytes.Chunk(10_000))
                await call.TryWriteAsync(new() { Chunk = ByteString.CopyFrom(chunk) });
            await call.TryCompleteAsync();
            return await call.Response;
        }

        public async Task<(float[] Wave, RenderEnd End)> WatchAsync(StudioRender render, long from, Metadata? headers = null)
        {
            var wave = new List<float>();
            using var call = Client.WatchRender(new() { RenderId = render.RenderId, FromSample = from }, headers);
            await foreach (var happened in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                if (happened.Wave is { } part)
                {
                    Assert.Equal(from + wave.Count, part.FirstSample);
                    wave.AddRange(part.Samples.ToHostTensor("wave", -1).Floats.Span);
                }
                if (happened.End is { } end)
                    return ([.. wave], end);
            }
            throw new InvalidOperationException("ended without an end");
        }

        public async Task<byte[]> ExportAsync(ExportRequest request, Metadata? headers = null)
        {
            using var call = Client.Export(request, headers);
            var file = new MemoryStream();
            await foreach (var part in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
                part.Chunk.WriteTo(file);
            return file.ToArray();
        }

        public async ValueTask DisposeAsync()
        {
            channel.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
            bundle.Dispose();
            folder.Dispose();
        }
    }
}
