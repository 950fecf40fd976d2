# Base image of services that read or write video: the .NET runtime and ffmpeg. DOTNET may name it by its digest.
ARG DOTNET=mcr.microsoft.com/dotnet/aspnet:10.0
FROM ${DOTNET}
USER root
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
ENV ORT_DISABLE_TELEMETRY=1
USER $APP_UID
