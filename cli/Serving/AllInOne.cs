using Microsoft.Extensions.Options;
using Rewas.Agent;
using Rewas.AudioDiffusion;
using Rewas.Bundles;
using Rewas.EnergyPredictor;
using Rewas.Gateway.Web;
using Rewas.Hosting;
using Rewas.Hosting.Access;
using Rewas.Hosting.InProcess;
using Rewas.Jobs;
using Rewas.Networks.Onnx;
using Rewas.SoundLibrary;
using Rewas.SoundStudio;
using Rewas.VideoEncoder;
using Rewas.Vocoder;

namespace Rewas.Cli.Serving;

/// <summary>
/// All four stages, the agent, the studio and the jobs in one process. <c>rewas serve</c> runs it, and so does <c>rewas generate</c>
/// without a gateway.
/// </summary>
public static class AllInOne
{
    /// <param name="listen">As Rewas:Listen: http://HOST:PORT, https://HOST:PORT or unix:/PATH.</param>
    /// <param name="quiet">Turns logging off, for use inside another command.</param>
    /// <param name="args">Further settings in ASP.NET Core form, such as --VideoEncoder:MaxVideoDuration=00:30:00.</param>
    public static WebApplication Build(string listen, Bundle bundle, bool quiet, params string[] args) =>
        Build(listen, bundle, quiet, agent: true, jobs: !quiet, args);

    /// <param name="listen">As Rewas:Listen.</param>
    /// <param name="quiet">Turns logging off.</param>
    /// <param name="agent">Adds the agent, whose libraries load slowly.</param>
    /// <param name="jobs">Adds the studio and durable jobs.</param>
    /// <param name="args">Further settings.</param>
    public static WebApplication Build(string listen, Bundle bundle, bool quiet, bool agent, bool jobs, params string[] args)
    {
        var host = new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory };
        var builder = quiet ? WebApplication.CreateSlimBuilder(host) : WebApplication.CreateBuilder(host);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Rewas:Listen"] = listen });
        if (quiet)
        {
            builder.Configuration["Rewas:Private"] = "true";
            builder.Configuration["Rewas:WarmUp"] = "false";                 // its one caller warms it
        }
        builder.Services.AddSingleton(bundle);
        if (quiet && !jobs && !Array.Exists(args, argument => argument.StartsWith("--Store:", StringComparison.Ordinal)))
            builder.AddTemporaryStore();
        builder.AddRewasDefaults();
        if (quiet)
            builder.Logging.ClearProviders();
        builder.AddVideoEncoder().AddEnergyPredictor().AddAudioDiffusion().AddVocoder();
        if (agent)
            builder.AddSoundAgent();
        if (!quiet)
            builder.AddCallers();
        if (jobs)
        {
            builder.AddSoundStudioBesideStages().AddJobsBesideStages().AddSoundLibrary();
            // Only calls of this process use the socket. They carry their caller's name. The gate drops that header from all other calls.
            builder.Configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.TrustCallerHeader)}"] = "true";
        }
        // The agent calls the stages as the studio does: through the socket, which asks for no key.
        builder.Configuration["SoundAgent:Stages"] ??= builder.Configuration["SoundStudio:Stages"] ?? listen;
        if (!quiet)
            builder.AddWebApi(() => new(builder.Configuration["SoundStudio:Stages"]!));

        var app = builder.Build();
        app.MapRewasDefaults();
        if (!quiet)
            app.MapWebApi().UseCallers(ownSocket: new Uri(builder.Configuration["SoundStudio:Stages"]!).AbsolutePath);
        app.MapVideoEncoder().MapEnergyPredictor().MapAudioDiffusion().MapVocoder();
        if (agent)
            app.MapSoundAgent();
        if (jobs)
            app.MapSoundStudio().MapJobs().MapSoundLibrary();
        return app;
    }

    /// <summary>The four stages for this process alone. They listen nowhere; <see cref="InProcessInvoker"/> calls them.</summary>
    /// <param name="args">Further settings.</param>
    public static IHost BuildStages(Bundle bundle, params string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration
            .AddInMemoryCollection([new($"{OnnxOptions.Section}:{nameof(OnnxOptions.SharedArena)}", "true")])
            .AddEnvironmentVariables().AddCommandLine(args);
        builder.Services.AddSingleton(bundle).AddPrivateDefaults();
        builder.AddVideoEncoder().AddEnergyPredictor().AddAudioDiffusion().AddVocoder();
        builder.Services.AddVideoEncoderInProcess().AddEnergyPredictorInProcess().AddAudioDiffusionInProcess().AddVocoderInProcess();
        return builder.Build();
    }

    /// <summary>The settings of the precision of encoder and denoiser; none for null.</summary>
    public static string[] WithPrecision(string? precision) => precision is null ? [] :
    [
        $"--{nameof(VideoEncoder)}:{nameof(VideoEncoderOptions.Precision)}={precision}",
        $"--{nameof(AudioDiffusion)}:{nameof(AudioDiffusionOptions.Precision)}={precision}",
    ];

    /// <summary>Makes the weights that the stages compute with, in the precisions that the bundle says, before their first start.</summary>
    public static void Prepare(Bundle bundle)
    {
        var onnx = Options.Create(new OnnxOptions());
        using (var encoder = new FramesToFeatures(bundle, onnx, Options.Create(new VideoEncoderOptions())))
            encoder.Prepare();
        using var denoiser = new Denoiser(bundle, onnx.Value, new AudioDiffusionOptions().MaxBatchRows);
        denoiser.Prepare();
    }
}
