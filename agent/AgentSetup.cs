using Grpc.AspNetCore.HealthChecks;
using Microsoft.Extensions.Options;
using Rewas.Agent.Chat;
using Rewas.Agent.Models;
using Rewas.Agent.Sessions;
using Rewas.Agent.Settings;
using Rewas.Agent.Streams;
using Rewas.Agent.Tools;
using Rewas.Agent.Turns;
using Rewas.Bundles;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Library;
using Rewas.Networks.Onnx;
using Rewas.PromptCheck;
using Rewas.Rendering;
using Rewas.Rendering.Guards;
using Rewas.Store;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.Store.Settings;

namespace Rewas.Agent;

/// <summary>Registers the agent, in a host of its own or beside the stages.</summary>
public static class AgentSetup
{
    public static WebApplicationBuilder AddSoundAgent(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<AgentOptions>(AgentOptions.Section).ValidateDataAnnotations()
            .Validate(o => GatewayAddresses.FaultOf(o.Stages) is null, $"SoundAgent:Stages: must be {GatewayAddresses.Forms}")
            .Validate(
                o =>
                    o.ModelAddress is null
                        || Uri.TryCreate(o.ModelAddress, UriKind.Absolute, out var uri)
                        && uri.Scheme is "http" or "https",
                "SoundAgent:ModelAddress: must be http://HOST/v1 or https://HOST/v1")
            .Validate(o => o.ModelAddress is null || o.Model.Length > 0, "SoundAgent:Model: must be given where ModelAddress is")
            .ValidateOnStart();
        builder.Services.AddCallersData(AgentOptions.Section);
        builder.Services.AddSettings<StageAccess>(StageAccess.Section);
        builder.Services.AddSingleton(_ => ConflictStatistics.Embedded);
        builder.Services.AddSingleton(provider => RewasClient.Connect(
            GatewayAddresses.Parse(provider.GetRequiredService<IOptions<AgentOptions>>().Value.Stages),
            RewasClientOptions.OfService(provider.GetRequiredService<IOptions<StageAccess>>().Value, () => CallerHeader.Acting)));
        builder.Services.AddStore(builder.Configuration);
        builder.Services.AddSingleton<SessionStore>().AddSingleton<VideoUploads>();
        builder.Services.AddSingleton<TurnLog>().AddSingleton<TurnSignals>().AddSingleton<TurnRunner>();
        builder.Services.AddSingleton(Chat);
        builder.Services.AddHostedService<TurnSweep>();
        builder.Services.AddSingleton<LanguageModel>();
        if (builder.Configuration[BundleSetup.Key] is { Length: > 0 })
            builder.Services.AddBundle(builder.Configuration);               // beside the stages it is registered already
        builder.Services.AddSettings<OnnxOptions>(OnnxOptions.Section);
        builder.Services.AddSettings<GuardOptions>(GuardOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddCandidateJudge();
        builder.Services.AddSingleton(Clip);
        builder.Services.AddSingleton(Parts).AddLoadedAtStart<AgentParts>();
        builder.Services.AddSingleton<Conversation>();
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(V1.SoundAgent.Descriptor.FullName, _ => true));
        return builder;
    }

    static AgentParts Parts(IServiceProvider provider) => new(
        provider.GetRequiredService<RewasClient>(),
        provider.GetRequiredService<ConflictStatistics>(),
        provider.GetRequiredService<LanguageModel>(),
        provider.GetRequiredService<IOptions<AgentOptions>>().Value,
        provider.GetRequiredService<WorkingSpace>(),
        provider.GetService<Bundle>() is null ? null : new(provider.GetRequiredService<CandidateJudge>),
        ClipBundle(provider) is null ? null : new(provider.GetRequiredService<ClipCaptioner>),
        provider.GetService<LoadedOnce<LibraryIndex>>());

    static ChatParts Chat(IServiceProvider provider) => new(
        provider.GetRequiredService<TurnLog>(),
        provider.GetRequiredService<TurnRunner>(),
        provider.GetRequiredService<TurnSignals>(),
        provider.GetRequiredService<SessionStore>(),
        provider.GetRequiredService<VideoUploads>(),
        provider.GetRequiredService<StoreDatabase>(),
        provider.GetRequiredService<IOptions<AgentOptions>>().Value,
        provider.GetRequiredService<IOptions<StoreOptions>>().Value.PollInterval,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<Drain>());

    static ClipCaptioner Clip(IServiceProvider provider)
    {
        var (options, bundle) = (provider.GetRequiredService<IOptions<AgentOptions>>().Value, ClipBundle(provider)!);
        // Limits that an operator has set win over calibrated ones.
        var set = new ClipThresholds(options.ClipLeastProbability, options.ClipLeastMargin, options.ClipLeastSimilarity);
        return new(
            bundle,
            provider.GetRequiredService<IOptions<OnnxOptions>>().Value,
            set == new ClipThresholds() ? ClipCalibration.ThresholdsOf(bundle) : set);
    }

    /// <summary>The bundle with a CLIP network, if there is one.</summary>
    /// <exception cref="InputFault">The named bundle has none.</exception>
    static Bundle? ClipBundle(IServiceProvider provider)
    {
        if (provider.GetRequiredService<IOptions<AgentOptions>>().Value.ClipBundle is { } named)
            return ClipCaptioner.Open(named);
        return ClipCaptioner.Usual(provider.GetService<Bundle>());
    }

    /// <exception cref="InputFault">The configured CLIP bundle is missing or has no CLIP network.</exception>
    public static WebApplication MapSoundAgent(this WebApplication app)
    {
        // A private host creates its parts on first use. A wrong name is reported before that.
        if (app.Configuration[$"{AgentOptions.Section}:{nameof(AgentOptions.ClipBundle)}"] is { Length: > 0 } named)
            ClipCaptioner.Open(named);
        app.MapGrpcService<SoundAgentService>();
        return app;
    }
}
