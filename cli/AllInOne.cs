using Rewas.Agent;
using Rewas.AudioDiffusion;
using Rewas.Checkpoints;
using Rewas.EnergyPredictor;
using Rewas.Hosting;
using Rewas.SoundStudio;
using Rewas.VideoEncoder;
using Rewas.Vocoder;

namespace Rewas.Cli;

/// <summary>All four stages and the agent in one process, and the studio for whoever calls it from outside: what <c>rewas serve</c> runs, and <c>rewas generate</c> when no gateway is named.</summary>
public static class AllInOne
{
    /// <param name="listen">As Rewas:Listen: http://HOST:PORT, https://HOST:PORT or unix:/PATH.</param>
    /// <param name="bundle">The model bundle.</param>
    /// <param name="quiet">Logs nothing: inside another command, whose own messages are enough.</param>
    /// <param name="args">Further configuration, as ASP.NET Core reads it: --VideoEncoder:MaxVideoDuration=00:30:00.</param>
    public static WebApplication Build(string listen, Bundle bundle, bool quiet, params string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Rewas:Listen"] = listen });
        builder.Configuration["SoundAgent:Stages"] ??= OwnAddress(listen);
        builder.Services.AddSingleton(bundle);
        builder.AddRewasDefaults();
        if (quiet)
        {
            builder.Logging.ClearProviders();
            builder.Configuration["Rewas:WarmUp"] = "false";                 // its one caller warms it
        }
        builder.AddVideoEncoder().AddEnergyPredictor().AddAudioDiffusion().AddVocoder().AddSoundAgent();
        if (!quiet)
            builder.AddSoundStudioBesideStages();

        var app = builder.Build();
        app.MapRewasDefaults();
        app.MapVideoEncoder().MapEnergyPredictor().MapAudioDiffusion().MapVocoder().MapSoundAgent();
        if (!quiet)
            app.MapSoundStudio();
        return app;
    }

    /// <summary>Configuration that chooses the numbers the denoiser is computed in; none for null.</summary>
    public static string[] WithPrecision(string? precision) =>
        precision is null ? [] : [$"--{nameof(AudioDiffusion)}:{nameof(AudioDiffusionOptions.Precision)}={precision}"];

    /// <summary>Where the agent finds the stages of its own process.</summary>
    static string OwnAddress(string listen)
    {
        var first = listen.Split(';', StringSplitOptions.TrimEntries)[0];
        foreach (var any in (string[])["0.0.0.0", "[::]", "*", "+"])
            first = first.Replace($"//{any}:", "//127.0.0.1:", StringComparison.Ordinal);
        return first;
    }
}
