using Grpc.AspNetCore.HealthChecks;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Conflict;

namespace Rewas.Agent;

/// <summary>The agent, in a host of its own or beside the stages.</summary>
public static class AgentSetup
{
    public static WebApplicationBuilder AddSoundAgent(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AgentOptions>().BindConfiguration(AgentOptions.Section).ValidateDataAnnotations()
            .Validate(o => o.ModelAddress is null || Uri.TryCreate(o.ModelAddress, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https", "SoundAgent:ModelAddress: must be http://HOST/v1 or https://HOST/v1")
            .Validate(o => o.ModelAddress is null || o.Model.Length > 0, "SoundAgent:Model: must be given where ModelAddress is")
            .ValidateOnStart();
        builder.Services.AddSingleton(_ => ConflictStatistics.Embedded);
        builder.Services.AddSingleton(provider => RewasClient.Connect(
            new Uri(provider.GetRequiredService<IOptions<AgentOptions>>().Value.Stages),
            new() { Access = builder.Configuration.GetSection(StageAccess.Section).Get<StageAccess>() ?? new() }));
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SessionStore>());
        builder.Services.AddSingleton<LanguageModel>();
        builder.Services.AddSingleton<Conversation>();
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(V1.SoundAgent.Descriptor.FullName, _ => true));
        return builder;
    }

    public static WebApplication MapSoundAgent(this WebApplication app)
    {
        app.MapGrpcService<SoundAgentService>();
        return app;
    }
}
