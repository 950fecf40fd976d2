#!/usr/bin/env dotnet
#:sdk Aspire.AppHost.Sdk@13.6.4
#:property NoWarn=$(NoWarn);ASPIRE010
#:package Aspire.Hosting.AppHost
#:project ../gateway/Rewas.Gateway.csproj
#:project ../services/VideoEncoder/Rewas.VideoEncoder.csproj
#:project ../services/EnergyPredictor/Rewas.EnergyPredictor.csproj
#:project ../services/AudioDiffusion/Rewas.AudioDiffusion.csproj
#:project ../services/Vocoder/Rewas.Vocoder.csproj

using Microsoft.Extensions.Configuration;

// Aspire asks NuGet for newer versions of itself, and its dashboard sends usage data. Both are off: nothing leaves the machine.
Environment.SetEnvironmentVariable("ASPIRE_VERSION_CHECK_DISABLED", "true");
Environment.SetEnvironmentVariable("ASPIRE_DASHBOARD_TELEMETRY_OPTOUT", "true");

var builder = DistributedApplication.CreateBuilder(args);
var port = builder.Configuration.GetValue("FirstPort", 5100);
var gateway = Service<Projects.Rewas_Gateway>("Gateway");
Stage<Projects.Rewas_VideoEncoder>("VideoEncoder");
Stage<Projects.Rewas_EnergyPredictor>("EnergyPredictor");
Stage<Projects.Rewas_AudioDiffusion>("AudioDiffusion");
Stage<Projects.Rewas_Vocoder>("Vocoder");
await builder.Build().RunAsync();

void Stage<TProject>(string name)
    where TProject : IProjectMetadata, new()
{
    var stage = Service<TProject>(name);
    gateway.WithEnvironment($"Gateway__Stages__{name}__0", stage.GetEndpoint("grpc"));
}

// A service listens at its own port, because Aspire's proxies pass no gRPC without TLS.
IResourceBuilder<ProjectResource> Service<TProject>(string name)
    where TProject : IProjectMetadata, new()
{
    var address = $"http://127.0.0.1:{port}";
    var service = builder.AddProject<TProject>(name, launchProfileName: null)
        .WithHttpEndpoint(port, name: "grpc", isProxied: false)
        .WithEnvironment("Rewas__Listen", address);
    port++;
    return service;
}
