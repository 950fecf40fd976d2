using Rewas.Agent;
using Rewas.AudioDiffusion;
using Rewas.Bundles;
using Rewas.EnergyPredictor;
using Rewas.Hosting;
using Rewas.Hosting.Access;
using Rewas.Hosting.InProcess;
using Rewas.Jobs;
using Rewas.SoundLibrary;
using Rewas.SoundStudio;
using Rewas.VideoEncoder;
using Rewas.Vocoder;

namespace Rewas.Cli.Serving;

/// <summary>
/// All four stages and the agent in one process, and the studio and the jobs for whoever calls them from outside: what <c>rewas serve</c>
/// runs, and <c>rewas generate</c> when no gateway is named.
/// </summary>
public static class AllInOne
{
    /// <param name="listen">As Rewas:Listen: http://HOST:PORT, https://HOST:PORT or unix:/PATH.</param>
    /// <param name="bundle">The model bundle.</param>
    /// <param name="quiet">Logs nothing: inside another command, whose own messages are enough.</param>
    /// <param name="args">Further configuration, as ASP.NET Core reads it: --VideoEncoder:MaxVideoDuration=00:30:00.</param>
    public static WebApplication Build(string listen, Bundle bundle, bool quiet, params string[] args) =>
        Build(listen, bundle, quiet, agent: true, jobs: !quiet, args);

    /// <param name="listen">As Rewas:Listen.</param>
    /// <param name="bundle">The model bundle.</param>
    /// <param name="quiet">Logs nothing.</param>
    /// <param name="agent">With the agent, whose libraries take long to load.</param>
    /// <param name="jobs">With the studio and durable jobs.</param>
    /// <param name="args">Further configuration.</param>
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
            // By the socket come only calls of this process, with their caller's name; the gate takes the header from all others.
            builder.Configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.TrustCallerHeader)}"] = "true";
        }
        // The agent calls the stages as the studio does: by the socket, at which nobody is asked for a key.
        builder.Configuration["SoundAgent:Stages"] ??= builder.Configuration["SoundStudio:Stages"] ?? listen;

        var app = builder.Build();
        app.MapRewasDefaults();
        if (!quiet)
            app.UseCallers(ownSocket: new Uri(builder.Configuration["SoundStudio:Stages"]!).AbsolutePath);
        app.MapVideoEncoder().MapEnergyPredictor().MapAudioDiffusion().MapVocoder();
        if (agent)
            app.MapSoundAgent();
        if (jobs)
            app.MapSoundStudio().MapJobs().MapSoundLibrary();
        return app;
    }

    /// <summary>The four stages for this process alone, which listens nowhere: called by <see cref="InProcessInvoker"/>.</summary>
    /// <param name="bundle">The model bundle.</param>
    /// <param name="args">Further configuration.</param>
    public static IHost BuildStages(Bundle bundle, params string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables().AddCommandLine(args);
        builder.Services.AddSingleton(bundle).AddPrivateDefaults();
        builder.AddVideoEncoder().AddEnergyPredictor().AddAudioDiffusion().AddVocoder();
        builder.Services.AddVideoEncoderInProcess().AddEnergyPredictorInProcess().AddAudioDiffusionInProcess().AddVocoderInProcess();
        return builder.Build();
    }

    /// <summary>Configuration that chooses the numbers the denoiser is computed in; none for null.</summary>
    public static string[] WithPrecision(string? precision) =>
        precision is null ? [] : [$"--{nameof(AudioDiffusion)}:{nameof(AudioDiffusionOptions.Precision)}={precision}"];
}
