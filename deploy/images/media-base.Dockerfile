# Base image of services that read or write video: the .NET runtime and ffmpeg.
FROM mcr.microsoft.com/dotnet/aspnet:10.0
USER root
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
ENV ORT_DISABLE_TELEMETRY=1
USER $APP_UID
