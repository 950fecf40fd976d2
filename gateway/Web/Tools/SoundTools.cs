using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Rewas.Clip.Faults;
using Rewas.Clip.Json;
using Rewas.Gateway.Web.Checks;
using Rewas.Gateway.Web.Files;
using Rewas.Gateway.Web.Models;
using Rewas.Gateway.Web.Requests;
using Rewas.Gateway.Web.Sounds;
using Rewas.Hosting;
using Rewas.Protocol.Sounds;
using Rewas.Sound.Curves;
using Rewas.V1;

namespace Rewas.Gateway.Web.Tools;

/// <summary>The tools of the platform for language-model assistants (Model Context Protocol).</summary>
[McpServerToolType]
sealed class SoundTools(IToolHost host, CheckedPrompts prompts)
{
    const int MostCurvePoints = 200;
    const double LongestWaitSeconds = 300;

    [McpServerTool(Name = "preflight", ReadOnly = true),
    Description("Says whether the server is ready, which model it has, and its limits. Call it first.")]
    public Task<CallToolResult> PreflightAsync(CancellationToken cancellation) => ToolAnswer.OfAsync(async () =>
    {
        var model = await host.Services.Diffusion.DescribeAsync(new(), cancellationToken: cancellation);
        var studio = await host.Services.Studio.DescribeStudioAsync(new(), cancellationToken: cancellation);
        return new
        {
            ready = true,
            version = StageDescription.Version,
            model = ModelView.Of(model).Id,
            licence = model.WeightsLicence,
            limits = studio.Limits.ToDictionary(limit => limit.Name, limit => $"{limit.Value} {limit.Unit}"),
        };
    });

    [McpServerTool(Name = "create_upload"),
    Description("Announces a film. Its bytes are then sent to the link with HTTP PUT and the header Content-Range: bytes 0-LAST/TOTAL.")]
    public Task<CallToolResult> CreateUploadAsync(
        [Description("file name, for messages only")] string name, [Description("length in bytes")] long bytes,
        CancellationToken cancellation, [Description("SHA-256 in hexadecimal, checked after the upload")] string sha256 = "") =>
        ToolAnswer.OfAsync(async () =>
        {
            var video = await host.Services.Studio.CreateVideoAsync(
                new() { IdempotencyKey = IdempotencyKey.Of(null), FileName = name, Bytes = bytes, Sha256 = sha256 },
                cancellationToken: cancellation);
            var view = FileView.Of(video);
            return (new { file = view.Id, put = At($"/v1/files/{view.Id}"), view.LeaseEnds }, [Link($"/v1/files/{view.Id}", name, null)]);
        });

    [McpServerTool(Name = "inspect_video", ReadOnly = true),
    Description("Says what is seen in a film: length, size, caption, cuts, onsets. Links to pictures of it.")]
    public Task<CallToolResult> InspectVideoAsync([Description("id of the file")] string file, CancellationToken cancellation) =>
        ToolAnswer.OfAsync(async () =>
        {
            var seen = AnalysisView.Of(
                file, await host.Services.Studio.AnalyseAsync(new() { VideoId = file }, cancellationToken: cancellation));
            return (new
            {
                seen.Seconds,
                seen.FrameRate,
                seen.Width,
                seen.Height,
                seen.HasAudio,
                seen.Caption,
                seen.Concept,
                seen.Confidence,
                seen.Course,
                seen.Cuts,
                seen.Onsets,
            }, [Link(seen.Filmstrip, "pictures of the film", "image/png")]);
        });

    [McpServerTool(Name = "analyse", ReadOnly = true),
    Description("The energy predicted from a film: how loud the sound is when, in dB below full level, at equally spaced times.")]
    public Task<CallToolResult> AnalyseAsync([Description("id of the file")] string file, CancellationToken cancellation) =>
        ToolAnswer.OfAsync(async () =>
        {
            var seen = await host.Services.Studio.AnalyseAsync(new() { VideoId = file }, cancellationToken: cancellation);
            var curve = seen.Curve.ToCurve();
            var step = Math.Max(1, (curve.Count + MostCurvePoints - 1) / MostCurvePoints);
            return new
            {
                seconds = curve.DurationSeconds,
                seconds_between_values = (double)step / Rewas.Sound.Curves.EnergyCurve.ValuesPerSecond,
                decibels = Enumerable.Range(0, (curve.Count + step - 1) / step)
                    .Select(i => Math.Round(LoudestOf(curve, i * step, step), 1)),
                onset_seconds = seen.OnsetSeconds,
            };
        });

    [McpServerTool(Name = "check_prompt"),
    Description(
        "Compares a prompt with the picture of a film. Needed before add_sound, with exactly the same prompt. If the verdict is "
        + "\"conflict\", tell the user what contradicts and offer the suggestions.")]
    public Task<CallToolResult> CheckPromptAsync(
        [Description("id of the file")] string file, [Description("what to hear, in plain words")] string prompt,
        CancellationToken cancellation) => ToolAnswer.OfAsync(async () =>
        {
            var report = await host.Services.Studio.CheckPromptAsync(
                new() { VideoId = file, Prompt = prompt }, cancellationToken: cancellation);
            prompts.Add(host.Caller, file, prompt, report.Verdict);
            return (object)CheckView.Of(report);
        });

    [McpServerTool(Name = "search_sounds", ReadOnly = true),
    Description("Finds recordings in the server's library by words, ranked by their fit to a film if one is named.")]
    public Task<CallToolResult> SearchSoundsAsync(
        [Description("the wanted sound in words")] string words, CancellationToken cancellation,
        [Description("id of a file whose picture the recordings should fit")] string? file = null,
        [Description("most results, 1 to 1000")] int limit = 10) => ToolAnswer.OfAsync(async () =>
        {
            var curve = file is null ? null
                : (await host.Services.Studio.AnalyseAsync(new() { VideoId = file }, cancellationToken: cancellation)).Curve;
            var found = await host.Services.Library.SearchSoundsAsync(
                new() { Words = words, Curve = curve, Limit = limit }, cancellationToken: cancellation);
            return new
            {
                sounds = found.Sounds.Select(sound => new
                {
                    sound.Sound.Path,
                    sound.Sound.Seconds,
                    sound.Sound.Words,
                    sound.Sound.Tags,
                    sound.Score,
                    fit = sound.Fit?.Total,
                }),
            };
        });

    [McpServerTool(Name = "add_sound"),
    Description(
        "Makes sound for a film from a prompt, or without a film from a prompt and a length. Answers with a job; wait for it here with "
        + "wait_seconds, or ask get_job. A film's prompt must have been checked with check_prompt.")]
    public Task<CallToolResult> AddSoundAsync(
        [Description("what to hear, in plain words")] string prompt,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellation,
        [Description("id of the film; absent for sound without a picture")] string? file = null,
        [Description("length of a sound without a picture")] double? seconds = null,
        [Description("further options by name, which rewas://options lists: {\"seed\": 7, \"candidates\": 3, \"negative\": \"music\"}")]
        JsonElement? options = null,
        [Description("edits of the energy, such as \"gain 1.2s..2.0s=-12dB\" or \"event 2.00s=-6dB\"")] string[]? edits = null,
        [Description("true only if the user has read a report that tells of a conflict, and wants the sound anyway")]
        bool make_anyway = false,
        [Description("how long to wait for the end, 0 to 300")] double wait_seconds = 0) => ToolAnswer.OfAsync(async () =>
        {
            if (file is not null)
                prompts.ThrowUnlessAllowed(host.Caller, file, prompt, make_anyway);
            var order = ObjectOf(options);
            (order["prompt"], order["file"], order["seconds"]) = (prompt, file, seconds);
            order["edits"] = edits is null ? null : JsonSerializer.SerializeToNode(edits);
            var request = await SoundReader.ReadAsync(JsonSerializer.SerializeToElement(order));
            var key = IdempotencyKey.Of(null);
            var source = await SoundStart.FileOfAsync(host.Services.Studio, request, key, cancellation);
            return await StartAsync(request.ToStart(key, source), wait_seconds, progress, cancellation);
        });

    [McpServerTool(Name = "edit_sound"),
    Description("Makes a sound again with further edits of its energy and other options. The first sound stays.")]
    public Task<CallToolResult> EditSoundAsync(
        [Description("job of the sound")] string job,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellation,
        [Description("edits of the energy, such as \"gain 1.8s..2.2s=-6dB\"")] string[]? edits = null,
        [Description("options to change, by name; another prompt must have been checked with check_prompt")] JsonElement? options = null,
        [Description("as in add_sound")] bool make_anyway = false,
        [Description("how long to wait for the end, 0 to 300")] double wait_seconds = 0) => ToolAnswer.OfAsync(async () =>
        {
            var before = await host.Services.Studio.GetRenderAsync(new() { RenderId = job }, cancellationToken: cancellation);
            var changes = ObjectOf(options);
            changes["edits"] = edits is null ? null : JsonSerializer.SerializeToNode(edits);
            var order = await SoundStart.ChangedAsync(before.Request, JsonSerializer.SerializeToElement(changes));
            if (order.Options.Prompt != before.Request.Options.Prompt)
                prompts.ThrowUnlessAllowed(host.Caller, before.VideoId, order.Options.Prompt, make_anyway);
            return await StartAsync(
                new ReadSoundRequest(order, before.VideoId, null).ToStart(IdempotencyKey.Of(null), before.VideoId), wait_seconds, progress,
                cancellation);
        });

    [McpServerTool(Name = "get_job", ReadOnly = true),
    Description("The state of a sound: queued, running, succeeded, failed or cancelled; its progress, candidates and scores.")]
    public Task<CallToolResult> GetJobAsync([Description("job of the sound")] string job, CancellationToken cancellation) =>
        ToolAnswer.OfAsync(async () => Shown(SoundView.Of(
            await host.Services.Studio.GetRenderAsync(new() { RenderId = job }, cancellationToken: cancellation))));

    [McpServerTool(Name = "cancel_job"), Description("Stops making a sound.")]
    public Task<CallToolResult> CancelJobAsync([Description("job of the sound")] string job, CancellationToken cancellation) =>
        ToolAnswer.OfAsync(async () => Shown(SoundView.Of(
            await host.Services.Studio.CancelRenderAsync(new() { RenderId = job }, cancellationToken: cancellation))));

    [McpServerTool(Name = "export_sound", ReadOnly = true),
    Description("Links to the finished file: the film with its sound, or the sound alone.")]
    public Task<CallToolResult> ExportSoundAsync(
        [Description("job of the sound")] string job, CancellationToken cancellation,
        [Description("mp4, mov, mkv, webm, wav or flac; absent: as ordered")] string? format = null,
        [Description("place among the candidates, 0 is the best")] int candidate = 0,
        [Description("primary or environment: that layer alone, as wav")] string? stem = null) => ToolAnswer.OfAsync(async () =>
        {
            // Asking for the file finds every fault that a download would have.
            using var call = host.Services.Studio.Export(
                new() { RenderId = job, Format = format ?? (stem is null ? "" : "wav"), Rank = candidate, Stem = stem ?? "" },
                cancellationToken: cancellation);
            var made = await SoundContent.FileOfAsync(call, cancellation) ?? throw InputFault.NotFound("job", $"'{job}' has no file");
            var query = $"?format={made.Format}&candidate={candidate}{(stem is null ? "" : $"&stem={Uri.EscapeDataString(stem)}")}";
            var path = $"/v1/sounds/{Uri.EscapeDataString(job)}/content{query}";
            return (new { url = At(path), made.Bytes, made.Sha256, made.Format },
                [Link(path, $"sound.{made.Format}", SoundContent.MediaTypeOf(made.Format))]);
        });

    async Task<(object, IReadOnlyList<ResourceLinkBlock>)> StartAsync(
        StartRenderRequest start, double wait, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        InputFault.ThrowUnlessInRange("wait_seconds", wait, 0, LongestWaitSeconds);
        var render = await host.Services.Studio.StartRenderAsync(start, cancellationToken: cancellation);
        if (wait > 0)
            await WaitPreference.EndOfAsync(
                host.Services.Studio, render.RenderId, TimeSpan.FromSeconds(wait), cancellation, now => progress.Report(new()
                {
                    Progress = now.Windows > 0 && now.Steps > 0 ? now.WindowsDone + (float)now.Step / now.Steps : 0,
                    Total = now.Windows > 0 ? now.Windows : null,
                    Message = now.Steps == 0 ? "looking at the picture" : "making sound",
                }));
        return (Shown(SoundView.Of(
            await host.Services.Studio.GetRenderAsync(new() { RenderId = render.RenderId }, cancellationToken: cancellation))), []);
    }

    /// <summary>What a model needs to know of a sound.</summary>
    static object Shown(SoundView sound) => new
    {
        job = sound.Id,
        sound.Status,
        sound.File,
        sound.Seconds,
        sound.Options,
        sound.Progress,
        sound.Candidates,
        sound.Guard,
        sound.Error,
    };

    static JsonObject ObjectOf(JsonElement? options)
    {
        if (options is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined })
            return [];
        if (options.Value.ValueKind != JsonValueKind.Object)
            throw InputFault.Invalid("options", "must be an object of options by name");
        try
        {
            using var given = StrictJson.Parse(JsonMarshal.GetRawUtf8Value(options.Value).ToArray());
            return JsonObject.Create(given.RootElement.Clone())!;
        }
        catch (JsonException failure)
        {
            throw InputFault.Invalid("options", $"cannot be read as JSON: {failure.Message}", failure);
        }
    }

    static double LoudestOf(Rewas.Sound.Curves.EnergyCurve curve, int from, int count)
    {
        var loudest = curve[from];
        for (var i = from; i < Math.Min(curve.Count, from + count); i++)
            loudest = Math.Max(loudest, curve[i]);
        return EnergyScale.ToDecibels(loudest);
    }

    string At(string path) => new Uri(host.Address, path).AbsoluteUri;

    ResourceLinkBlock Link(string path, string name, string? mediaType) => new() { Uri = At(path), Name = name, MimeType = mediaType };
}
